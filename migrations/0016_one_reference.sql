-- A check-in is of a goal of its person's, and the goal is the person's. That each check-in refers to the person as well
-- says nothing more, and to look for it took a tenth of the time of a large import.
alter table wildlands.check_ins drop constraint check_ins_user_id_fkey;
