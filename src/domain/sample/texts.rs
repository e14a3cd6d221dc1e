//! What the invented person writes. Private texts say that they are invented.

pub(super) const INTENTIONS: &[&str] = &[
    "Listen first, speak second",
    "One thing at a time",
    "Leave the phone in the hall",
    "Be early once",
    "Slow is smooth",
    "Say no to the third meeting",
];
pub(super) const PRIORITIES: &[&str] = &[
    "Draft the fractions lesson",
    "Call the insurance about the roof",
    "Finish chapter three",
    "Mark the quizzes",
    "Fix the gate before it rains",
    "Write the newsletter",
    "Book the dentist",
    "Plan the Saturday hike",
    "Clear the inbox to ten",
    "Sketch the garden beds",
];
pub(super) const WINS: &[&str] = &[
    "Finished the lesson plan",
    "Ran 5 km without stopping 🏃",
    "A long walk with no phone",
    "The class got fractions in one go",
    "Fixed the gate, and it closes",
    "Cooked for everyone — nobody ordered pizza 🍕",
    "Wrote two pages before breakfast",
    "Said no, kindly",
    "早起きできた。朝の散歩が気持ちよかった",
    "Slept eight hours straight",
    "Answered the letter that had waited since spring",
    "Heute nur drei E-Mails, dafür gute",
    "和朋友喝茶，聊了很久",
    "Cleared the workbench and found the good pencil",
    "Read to the kids until they read to me",
    "Paid the last instalment on the car",
];
pub(super) const GRATITUDES: &[&str] = &[
    "The neighbour's tomatoes",
    "Rain on the roof while the house was quiet",
    "A good question from the back row",
    "Coffee in the garden ☕",
    "Old songs in the car",
    "星空がきれいだった",
    "That the bus driver waited",
    "Clean sheets",
    "Soup",
    "A letter in real handwriting",
    "Léa's laugh through the wall",
    "Nothing broke today 🙂",
];
pub(super) const LESSONS: &[&str] = &[
    "Late screens cost the next morning",
    "Walking settles an argument better than talking",
    "A plan with three lines gets done, one with ten does not",
    "Ask for the deadline before saying yes",
    "The first hour decides the day",
    "Eat before deciding anything",
];
pub(super) const FRICTIONS: &[&str] = &[
    "(sample) The printer at the made-up office jammed again",
    "(sample) Scrolled through a feed that does not exist",
    "(sample) An invented meeting ran an hour over",
    "(sample) Imaginary traffic on the way back",
];
pub(super) const FAMILY: &[&str] = &[
    "(sample) Board games with the fictitious cousins; everybody cheated",
    "(sample) A call with an aunt who was invented for this page",
    "(sample) Dinner at a table that does not exist, phones in the drawer",
];
pub(super) const FAITH: &[&str] = &[
    "(sample) Ten quiet minutes, as this invented person often has",
    "(sample) A made-up choir rehearsal, slightly flat",
];
pub(super) const DRIFTS: &[&str] = &[
    "(sample) The person on this page does not exist and drifts nowhere",
    "(sample) Bedtime slid by half an hour, in this story",
];
