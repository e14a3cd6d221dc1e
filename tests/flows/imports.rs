//! A file is taken in from the Data screen: its path, what it would change, the account's name, the import.

use crate::stage::backups::{end, progress, started, stops};
use crate::stage::{FakeStore, Stage};
use harriswildlands::app::effect::Job;
use harriswildlands::app::job::{ImportOrder, JobEnd, JobLine, JobReport, Progress};
use harriswildlands::domain::secret::Exit;

fn order(stage: &Stage, at: usize) -> ImportOrder {
    match started(stage)[at] {
        Job::Import(order) => order.clone(),
        other => panic!("{other:?}"),
    }
}

fn differs() -> JobEnd {
    let line = |text: &str| JobLine::Remark(text.to_owned());
    JobEnd::Finished(JobReport {
        lines: vec![
            line("this would change; nothing was changed:"),
            line("logs  2 new"),
        ],
        more: vec![line("logs[3] 2026-11-02: changed (energy)")],
        changes_anything: true,
        ..JobReport::default()
    })
}

fn data(store: FakeStore) -> Stage {
    let mut stage = Stage::online(store);
    stage.show("data");
    stage
}

#[test]
fn first_the_difference_then_the_name_then_the_import() {
    let mut stage = data(FakeStore::with_days());
    stage.keys("I");
    stage.sees("your own directory");
    stage.keys("~/all.json<Enter>");
    let trial = order(&stage, 0);
    assert_eq!(
        (trial.file.to_str(), trial.dry_run),
        (Some("~/all.json"), true)
    );
    progress(&mut stage, Progress::share("comparing", 1, 4));
    stage.sees("comparing, 25 %");
    end(&mut stage, differs());
    stage.sees("logs[3] 2026-11-02: changed (energy)");
    stage.keys("<Enter>");
    stage.sees("type bruce to import");
    stage.keys("alice<Enter>");
    stage.sees("nothing was imported: that was not bruce");
    assert_eq!(started(&stage).len(), 1);
    stage.keys("<Enter>bruce<Enter>");
    assert!(!order(&stage, 1).dry_run);
    let report = JobReport {
        said: "imported /home/bruce/all.json".to_owned(),
        lines: vec![JobLine::Remark("logs  2 new".to_owned())],
        ..JobReport::default()
    };
    end(&mut stage, JobEnd::Finished(report));
    stage.sees("logs  2 new");
    stage.sees("imported /home/bruce/all.json");
    stage.keys("<Esc>");
    stage.sees("Done last");
}

#[test]
fn an_empty_account_asks_for_no_name() {
    let mut stage = data(FakeStore::default());
    stage.keys("Iall.json<Enter>");
    end(&mut stage, differs());
    stage.keys("<Enter>");
    assert!(!order(&stage, 1).dry_run);
}

#[test]
fn a_trial_and_an_import_are_stopped_and_leave_nothing() {
    let mut stage = data(FakeStore::default());
    stage.keys("Iall.json<Enter><Esc>");
    assert_eq!(stops(&stage), 1);
    end(&mut stage, JobEnd::Cancelled);
    stage.sees("import stopped; nothing was changed");
    // Back to the path, which is still there.
    stage.keys("<Enter><Enter>");
    end(&mut stage, differs());
    stage.keys("<Enter>q");
    assert_eq!((started(&stage).len(), stops(&stage)), (3, 2));
    end(&mut stage, JobEnd::Cancelled);
    stage.sees("nothing was changed");
    stage.keys("<Esc>");
    stage.does_not_see("What the import would change");
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_place() {
    let mut stage = data(FakeStore::default());
    stage.keys("Ibroken.json<Enter>");
    let reason =
        "the document cannot be imported: line 3, column 7 (data.logs[0].date): a comma is missing";
    end(&mut stage, JobEnd::Failed(reason.to_owned()));
    stage.sees("line 3, column 7 (data.logs[0].date)");
    stage.keys("<Enter>");
    stage.sees("broken.json");
    stage.keys("<C-u>good.json<Enter>");
    assert_eq!(order(&stage, 1).file.to_str(), Some("good.json"));
    let nothing = JobReport {
        lines: vec![JobLine::Remark("this would change nothing".to_owned())],
        ..JobReport::default()
    };
    end(&mut stage, JobEnd::Finished(nothing));
    stage.keys("<Enter>");
    assert_eq!(started(&stage).len(), 2);
    stage.does_not_see("this would change nothing");
}

#[test]
fn a_sealed_file_asks_for_its_passphrase_and_never_shows_it() {
    let mut stage = data(FakeStore::default());
    stage.keys("Iall.json.age<Enter>");
    let sealed = JobReport {
        is_sealed: true,
        ..JobReport::default()
    };
    end(&mut stage, JobEnd::Finished(sealed));
    stage.sees("The file is sealed.");
    // What means something else is no letter of it.
    stage.keys("<Enter>open<M-x> sesame");
    stage.does_not_see("sesame");
    stage.keys("<Enter>");
    let words = order(&stage, 1).words.unwrap();
    assert_eq!(words.expose(Exit::Export).as_str(), "open sesame");
    assert!(!format!("{words:?}").contains("sesame"));
    // Other words lead back to the line of the words, not to that of the path.
    let reason = "all.json.age is sealed: the passphrase does not open it";
    end(&mut stage, JobEnd::Failed(reason.to_owned()));
    stage.sees("enter passphrase");
    stage.keys("<Enter>");
    stage.sees("Passphrase");
    stage.sees("does not open it");
    stage.keys("simsim<Enter>");
    let again = order(&stage, 2);
    assert_eq!(again.file.to_str(), Some("all.json.age"));
    assert_eq!(again.words.unwrap().expose(Exit::Export).as_str(), "simsim");
}

#[test]
fn without_the_database_nothing_is_begun() {
    let mut stage = data(FakeStore::default());
    stage.disconnect(crate::lost());
    stage.keys("Iall.json<Enter>");
    stage.sees("the database is not there");
    assert_eq!(started(&stage), [] as [&Job; 0]);
}

#[test]
fn without_a_path_one_is_asked_for() {
    let mut stage = data(FakeStore::default());
    stage.keys("I<Enter>");
    stage.sees("type the path of the file");
    assert_eq!(started(&stage), [] as [&Job; 0]);
    stage.keys("a");
    stage.does_not_see("type the path of the file");
}

#[test]
fn a_trial_that_lost_the_database_is_tried_again_with_the_same_file() {
    let mut stage = data(FakeStore::default());
    stage.keys("Iall.json<Enter>");
    let reason = "the connection was lost. Start it again once the database is there.";
    end(&mut stage, JobEnd::Interrupted(reason.to_owned()));
    stage.sees("the connection was lost");
    stage.sees("try again");
    stage.does_not_see("another file");
    stage.keys("<Enter>");
    let again = order(&stage, 1);
    assert_eq!(
        (again.file.to_str(), again.dry_run),
        (Some("all.json"), true)
    );
    // What is wrong with the file itself leads to another one.
    end(&mut stage, JobEnd::Failed("this is not JSON".to_owned()));
    stage.sees("another file");
    stage.does_not_see("try again");
}

#[test]
fn the_difference_of_one_file_is_never_taken_for_that_of_another() {
    let mut stage = data(FakeStore::default());
    stage.keys("Ifirst.json<Enter>");
    end(&mut stage, differs());
    stage.sees("logs[3]");
    stage.keys("<Esc>B");
    stage.keys("Isecond.json<Enter>");
    stage.sees("a backup is running; start this once it has ended");
    stage.sees("second.json");
    stage.does_not_see("logs[3]");
    end(&mut stage, JobEnd::Cancelled);
    stage.keys("<Enter>");
    assert_eq!(order(&stage, 2).file.to_str(), Some("second.json"));
}

#[test]
fn no_key_is_named_that_does_nothing_over_a_popup() {
    let mut stage = data(FakeStore::default());
    stage.keys("Iall.json<Enter>");
    progress(&mut stage, Progress::share("comparing", 1, 4));
    let last = |stage: &Stage| {
        stage
            .screen()
            .trim_end()
            .lines()
            .last()
            .unwrap_or_default()
            .to_owned()
    };
    assert!(last(&stage).contains("comparing, 25 %"), "{}", last(&stage));
    assert!(!last(&stage).contains("stops it"), "{}", last(&stage));
    stage.sees("esc stops it.");
}
