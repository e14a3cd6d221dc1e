#![allow(clippy::unwrap_used, clippy::panic)]
use super::*;

fn luminance(rgb: [u8; 3]) -> f64 {
    let [r, g, b] = rgb.map(|channel| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// WCAG 2.2, 1.4.3.
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn rgb(colour: Option<Color>) -> [u8; 3] {
    match colour {
        Some(Color::Rgb(r, g, b)) => [r, g, b],
        Some(Color::Indexed(index)) => rgb_of_256(index),
        other => panic!("not a painted colour: {other:?}"),
    }
}

#[test]
fn text_is_legible_on_both_grounds_of_every_theme() {
    for (name, _) in BUILTIN {
        for depth in [ColorDepth::TrueColor, ColorDepth::Ansi256] {
            let theme = Theme::builtin(name, depth).unwrap();
            for ground in [theme.ground(), theme.card()] {
                for role in Role::ALL.iter().filter(|role| role.is_text()) {
                    let ratio = contrast(rgb(theme.style(*role).fg), rgb(ground.bg));
                    assert!(
                        ratio >= 4.5,
                        "{name} {depth:?} {role:?} on {:?}: {ratio:.2}",
                        ground.bg
                    );
                }
            }
        }
    }
}

#[test]
fn marks_without_letters_are_still_visible() {
    for (name, _) in BUILTIN {
        let theme = Theme::builtin(name, ColorDepth::TrueColor).unwrap();
        for role in [
            Role::ScaleFull,
            Role::Chart,
            Role::Logged,
            Role::Heat3,
            Role::Heat4,
        ] {
            let ratio = contrast(rgb(theme.style(role).fg), rgb(theme.ground().bg));
            assert!(ratio >= 3.0, "{name} {role:?}: {ratio:.2}");
        }
        for role in [Role::Track, Role::Heat0, Role::Heat1] {
            let ratio = contrast(rgb(theme.style(role).fg), rgb(theme.ground().bg));
            assert!(ratio >= 1.8, "{name} {role:?}: {ratio:.2}");
        }
    }
}

#[test]
fn sixteen_colours_leave_the_ground_alone_and_none_uses_no_colour() {
    for (name, _) in BUILTIN {
        let sixteen = Theme::builtin(name, ColorDepth::Ansi16).unwrap();
        assert_eq!(sixteen.ground().bg, Some(Color::Reset));
        for role in Role::ALL {
            let style = sixteen.style(*role);
            assert_eq!(style.bg, None);
            assert!(
                !matches!(style.fg, Some(Color::Rgb(..) | Color::Indexed(_))),
                "{role:?}"
            );
        }
        let none = Theme::builtin(name, ColorDepth::None).unwrap();
        assert_eq!(none.name(), name);
        for role in Role::ALL {
            assert_eq!((none.style(*role).fg, none.style(*role).bg), (None, None));
        }
    }
}

#[test]
fn a_role_takes_the_look_of_the_role_it_falls_back_to() {
    let toml = format!(
        "{}\n[roles]\nmuted = {{ color = \"warn\", modifiers = [\"italic\"] }}\n",
        BUILTIN[0].1
    );
    let theme = Theme::parse(&toml, "mine.toml", ColorDepth::TrueColor).unwrap();
    assert_eq!(theme.style(Role::Hint), theme.style(Role::Muted));
    assert!(
        theme
            .style(Role::Masked)
            .add_modifier
            .contains(Modifier::ITALIC)
    );
    assert_ne!(theme.style(Role::Text), theme.style(Role::Muted));
}

#[test]
fn a_wrong_file_is_refused_with_its_place() {
    let with = |line: &str| {
        Theme::parse(
            &format!("{}\n{line}", BUILTIN[0].1),
            "mine.toml",
            ColorDepth::TrueColor,
        )
        .unwrap_err()
        .to_string()
    };
    assert_eq!(
        with("[roles]\nmutd = { color = \"warn\" }"),
        "mine.toml: role `mutd` is not known; did you mean `muted`?"
    );
    assert_eq!(
        with("[roles]\nmuted = { color = \"primry\" }"),
        "mine.toml: colour `primry` is not known; did you mean `primary`?"
    );
    assert!(with("danger = \"scarlet-ish\"").contains("one of the sixteen names"));
    assert!(with("[roles").starts_with("mine.toml: TOML parse error at line"));
    let short = "name = \"x\"\n[palette]\nbg = \"#101010\"";
    assert!(
        Theme::parse(short, "x.toml", ColorDepth::None)
            .unwrap_err()
            .to_string()
            .contains("card")
    );
    let bad = "name = \"x\"\n[palette]\nbg = \"#10101\"";
    assert!(
        Theme::parse(bad, "x", ColorDepth::None)
            .unwrap_err()
            .to_string()
            .contains("#rrggbb")
    );
}
