#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn piece() -> Piece {
    Piece::read(
        json!({
            "title": "Sheds \"by hand\"",
            "type": "website",
            "template": "landing page",
            "tone": "personal",
            "status": "draft",
            "content.audience": "Gardeners\nwith little room",
            "content.pain": "Tools {title} rust outside.",
            "content.coreMessage": "A dry place.",
            "content.siteMap": "- Home\n- Contact",
            "content.body": "",
        })
        .as_object()
        .unwrap(),
    )
}

#[test]
fn every_template_has_a_skeleton_with_prompts_and_without_claims() {
    for kind in ContentType::ALL {
        for template in kind.templates() {
            let piece = Piece {
                kind,
                template: template.to_owned(),
                title: "T".to_owned(),
                ..Piece::default()
            };
            let skeleton = skeleton(&piece).unwrap();
            assert!(skeleton.body.contains('['), "{template}");
            assert_eq!(
                skeleton.site_map.is_some(),
                kind.has_site_map(),
                "{template}"
            );
            assert!(!skeleton.body.contains("\n\n\n") && !skeleton.body.contains('{'));
            assert!(!skeleton.body.starts_with('\n'), "{template}");
            let text = skeleton.body.to_lowercase();
            for word in ["should", "must ", "best", "guarantee", "%", "customers"] {
                assert!(!text.contains(word), "{template}: {word}");
            }
        }
    }
    assert!(
        skeleton(&Piece {
            template: "of old".to_owned(),
            ..piece()
        })
        .is_none()
    );
}

#[test]
fn a_skeleton_holds_what_the_piece_says_already() {
    let body = skeleton(&piece()).unwrap().body;
    assert!(body.starts_with(
        "# Sheds \"by hand\"\n\nA dry place.\n\n## For whom\n\nGardeners with little room\n["
    ));
    assert!(body.contains("\nTools {title} rust outside.\n"), "{body}");
    let unchosen = Piece {
        template: String::new(),
        ..piece()
    };
    assert_eq!(skeleton(&unchosen).unwrap().body, body);
}

#[test]
fn words_and_characters_are_those_a_reader_sees() {
    let counts = |text| {
        let counts = Counts::of(text);
        (counts.words, counts.characters)
    };
    assert_eq!(counts(""), (0, 0));
    assert_eq!(counts("Don't stop -- it's 3.5 km."), (5, 26));
    assert_eq!(counts("e\u{301} 👩\u{200d}👩\u{200d}👧"), (1, 3));
}

#[test]
fn what_is_too_long_is_a_remark_with_its_figures() {
    let long = "x".repeat(281);
    let thread = Piece {
        kind: ContentType::Social,
        template: "thread hook".to_owned(),
        body: format!("{}\n---\n{long}\n ---\n\n---\n{long}y", "x".repeat(280)),
        ..Piece::default()
    };
    let told: Vec<String> = remarks(&thread).iter().map(Remark::sentence).collect();
    assert_eq!(
        told,
        [
            "The post 2 has 281 characters, 1 more than the 280 of a post on X.",
            "The post 3 has 282 characters, 2 more than the 280 of a post on X.",
        ]
    );
    let value = Piece {
        template: "value post".to_owned(),
        ..thread
    };
    assert!(remarks(&value).is_empty());
    for (kind, fits) in [
        (ContentType::Website, 60),
        (ContentType::Email, 60),
        (ContentType::Blog, 60),
        (ContentType::Video, 100),
    ] {
        let of = |length: usize| Piece {
            kind,
            title: "é".repeat(length),
            ..Piece::default()
        };
        assert!(remarks(&of(fits)).is_empty());
        assert_eq!(remarks(&of(fits + 1)).first().unwrap().limit, fits);
    }
}

#[test]
fn the_way_of_a_piece_goes_forward_and_back_to_a_draft() {
    for from in Status::ALL {
        assert!(!from.moves().contains(&from));
        assert!(from == Status::Draft || from.moves().contains(&Status::Draft));
    }
    assert!(!Status::Archived.moves().contains(&Status::Published));
}

#[test]
fn a_document_has_front_matter_and_the_body_as_it_is() {
    let text = document(&Piece {
        body: "*Mine*\r\n\n- a\u{1b}[2J".to_owned(),
        ..piece()
    });
    let (front, rest) = text
        .strip_prefix("---\n")
        .unwrap()
        .split_once("---\n")
        .unwrap();
    let front: Value = serde_saphyr::from_str(front).unwrap();
    assert_eq!(front["title"], "Sheds \"by hand\"");
    assert_eq!(front["audience"], "Gardeners with little room");
    assert_eq!(front["words"], 3);
    assert!(front.get("promise").is_none());
    assert_eq!(
        rest,
        "\n# Sheds \"by hand\"\n\n*Mine*\n\n- a␛[2J\n\n## Site map\n\n- Home\n- Contact\n"
    );
    let own = document(&Piece {
        body: "# Own\n".to_owned(),
        ..piece()
    });
    assert!(!own.contains("# Sheds"));
}

#[test]
fn posts_of_a_thread_stay_apart_in_the_document() {
    let thread = Piece {
        kind: ContentType::Social,
        body: "One\n---\nTwo".to_owned(),
        ..piece()
    };
    assert!(document(&thread).ends_with("\n\nOne\n\n---\n\nTwo\n"));
}

#[test]
fn a_piece_tells_no_text_when_it_is_formatted() {
    assert!(!format!("{:?}", piece()).contains("Gardeners"));
}

proptest! {
    #[test]
    fn no_document_holds_a_control_character(title in "(\\PC|[\\x00-\\x1f]){0,20}", body in "(\\PC|[\\x00-\\x1f\\x7f-\\x9f]){0,60}") {
        let text = document(&Piece { title, body, ..piece() });
        prop_assert!(!text.chars().any(|c| c != '\n' && c.is_control()));
    }

    #[test]
    fn a_skeleton_of_any_words_is_whole(title in "\\PC{1,40}", kind in prop::sample::select(ContentType::ALL.to_vec())) {
        let skeleton = skeleton(&Piece { title, kind, ..Piece::default() });
        prop_assert!(skeleton.is_some_and(|skeleton| !skeleton.body.is_empty()));
    }
}
