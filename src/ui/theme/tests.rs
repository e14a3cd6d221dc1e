#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
use ratatui::style::Color;

use super::*;

/// The red, green and blue of one of xterm's upper 240 colours.
fn rgb_of_256(index: u8) -> [u8; 3] {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    if index >= 232 {
        return [8 + 10 * (index - 232); 3];
    }
    let cube = index - 16;
    [cube / 36, cube / 6 % 6, cube % 6].map(|n| STEPS[usize::from(n)])
}

/// The themes that paint the ground.
fn painted() -> impl Iterator<Item = &'static str> {
    let names = BUILTIN.into_iter().map(|(name, _)| name);
    names.filter(|name| !["16-colour", "none"].contains(name))
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
    for name in painted() {
        for depth in [ColorDepth::TrueColor, ColorDepth::Ansi256] {
            let theme = Theme::builtin(name, depth).unwrap();
            for ground in [theme.ground(), theme.card()] {
                let on = rgb(ground.bg);
                assert!(contrast(rgb(ground.fg), on) >= LEGIBLE, "{name} {depth:?}");
                for role in Role::ALL.iter().filter(|role| role.is_text()) {
                    let ratio = contrast(rgb(theme.style(*role).fg), on);
                    assert!(
                        ratio >= LEGIBLE,
                        "{name} {depth:?} {role:?} on {on:?}: {ratio:.2}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_base_colours_are_the_agreed_ones() {
    let hex = |rgb: [u8; 3]| rgb.map(|part| format!("{part:02x}")).concat();
    for (name, bg, card, primary, accent) in [
        ("lab", "101618", "1a2023", "22c3b6", "8c47d1"),
        ("field", "111714", "1b221f", "339955", "6aa63f"),
        ("sanctuary", "171411", "221f1b", "d2a12d", "cc6633"),
    ] {
        let theme = Theme::builtin(name, ColorDepth::TrueColor).unwrap();
        assert_eq!(hex(rgb(theme.ground().bg)), bg);
        assert_eq!(hex(rgb(theme.card().bg)), card);
        let of = |role| hex(rgb(theme.style(role).fg));
        assert_eq!(of(Role::ScaleFull), primary, "no letters: as it is");
        assert_eq!(of(Role::Text), "edece9");
        assert_eq!(of(Role::Muted), "819098");
        assert_eq!(of(Role::Border), "2b363b");
        let toml = BUILTIN.iter().find(|(known, _)| *known == name).unwrap().1;
        for (key, value) in [("accent", accent), ("danger", "b82e2e")] {
            assert!(
                toml.contains(&format!("\n{key} = \"#{value}\"\n")),
                "{name} {key}"
            );
        }
    }
}

#[test]
fn letters_of_a_colour_too_dark_for_them_are_a_tint_of_it() {
    let theme = Theme::builtin("lab", ColorDepth::TrueColor).unwrap();
    for (role, base) in [
        (Role::Danger, [0xb8, 0x2e, 0x2e]),
        (Role::Accent, [0x8c, 0x47, 0xd1]),
    ] {
        let tint = rgb(theme.style(role).fg);
        assert!(contrast(base, rgb(theme.card().bg)) < LEGIBLE);
        for (part, base) in tint.iter().zip(base) {
            assert!(*part >= base, "{role:?}");
        }
    }
    let named = format!("{}\n[roles]\n", BUILTIN[0].1)
        .replace("[ansi]", "danger-text = \"#ff0000\"\n[ansi]");
    let theme = Theme::parse(&named, "mine", "mine.toml", ColorDepth::TrueColor).unwrap();
    assert_eq!(
        rgb(theme.style(Role::Danger).fg),
        [255, 0, 0],
        "the file's own word holds"
    );
}

#[test]
fn marks_without_letters_are_still_visible() {
    for name in painted() {
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
fn two_themes_use_fewer_colours_than_there_are() {
    let all = ColorDepth::TrueColor;
    let sixteen = Theme::builtin("16-colour", all).unwrap();
    assert_eq!(sixteen.depth(), ColorDepth::Ansi16);
    assert_eq!(sixteen.style(Role::Danger).fg, Some(Color::Red));
    let none = Theme::builtin("none", all).unwrap();
    assert_eq!(none.depth(), ColorDepth::None);
    assert_eq!(none.style(Role::Danger).fg, None);
    assert_ne!(
        none.style(Role::Danger),
        none.style(Role::Text),
        "marked otherwise"
    );
}

#[test]
fn a_role_takes_the_look_of_the_role_it_falls_back_to() {
    let toml = format!(
        "{}\n[roles]\nmuted = {{ color = \"warn\", modifiers = [\"italic\"] }}\n",
        BUILTIN[0].1
    );
    let theme = Theme::parse(&toml, "mine", "mine.toml", ColorDepth::TrueColor).unwrap();
    assert_eq!(theme.name(), "mine");
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
fn a_wrong_file_is_refused_with_every_place() {
    let told = |toml: &str| {
        let read = Theme::parse(toml, "mine", "mine.toml", ColorDepth::TrueColor);
        read.unwrap_err().to_string()
    };
    let lines = BUILTIN[0].1.lines().count();
    let with = |line: &str| told(&format!("{}{line}", BUILTIN[0].1));
    assert_eq!(
        with("[roles]\nmutd = { color = \"warn\" }"),
        format!(
            "mine.toml:{}:1: role `mutd` is not known; did you mean `muted`?",
            lines + 2
        )
    );
    assert_eq!(
        with("[roles]\nmuted = { color = \"primry\" }"),
        format!(
            "mine.toml:{}:19: colour `primry` is not known; did you mean `primary`?",
            lines + 2
        )
    );
    assert!(with("danger = \"scarlet-ish\"").contains("one of the sixteen names"));
    assert!(with("[roles").starts_with(&format!("mine.toml:{}:", lines + 1)));
    assert!(
        with("[role]").contains("unknown field `role`"),
        "{}",
        with("[role]")
    );
    let several = told("colors = 17\n[palette]\nbg = \"#10101\"\nfgg = \"#ffffff\"\n");
    assert!(
        several.starts_with("mine.toml:1:10: `colors` is 0, 16 or 256\n"),
        "{several}"
    );
    assert!(
        several.contains("\nmine.toml:3:6: \"#10101\" is not a colour; write it as #rrggbb"),
        "{several}"
    );
    assert!(
        several.contains("\nmine.toml:4:1: colour `fgg` is not known; did you mean `fg`?"),
        "{several}"
    );
    assert!(
        several.contains("mine.toml:2:1: the palette lacks `card`"),
        "{several}"
    );
    assert!(told("").contains("mine.toml:1:1: the palette lacks `bg`"));
    assert!(Theme::parse("colors = 0", "n", "n.toml", ColorDepth::TrueColor).is_ok());
}
