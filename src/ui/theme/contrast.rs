//! Legibility: the contrast of WCAG 2.2, and the tint of a colour that reaches it.

use super::ColorDepth;

/// The contrast that text needs (success criterion 1.4.3).
pub const LEGIBLE: f64 = 4.5;

/// Red, green and blue.
pub type Rgb = [u8; 3];

/// Relative luminance, 0 to 1.
#[must_use]
pub fn luminance(rgb: Rgb) -> f64 {
    let [red, green, blue] = rgb.map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The contrast ratio of two colours, 1 to 21.
#[must_use]
pub fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// `share` hundredths of `over` laid on `under`.
#[must_use]
pub fn blend(under: Rgb, over: Rgb, share: u16) -> Rgb {
    let ([ur, ug, ub], [or, og, ob]) = (under, over);
    let mix = |a: u8, b: u8| {
        let sum = u16::from(a) * (100 - share) + u16::from(b) * share;
        u8::try_from(sum / 100).unwrap_or(u8::MAX)
    };
    [mix(ur, or), mix(ug, og), mix(ub, ob)]
}

/// The colour mixed with as little white (on dark grounds) or black (on light ones) as makes letters
/// of it legible on each of these grounds, as a terminal of this depth shows them.
#[must_use]
pub fn legible(colour: Rgb, grounds: [Rgb; 2], depth: ColorDepth) -> Rgb {
    let grounds = grounds.map(|ground| depth.shown_as(ground));
    let is_dark = |ground: Rgb| contrast(ground, [255; 3]) >= contrast(ground, [0; 3]);
    let end = if grounds.into_iter().all(is_dark) {
        [255; 3]
    } else {
        [0; 3]
    };
    let reaches = |colour: &Rgb| {
        let shown = depth.shown_as(*colour);
        let enough = |ground: Rgb| contrast(shown, ground) >= LEGIBLE;
        grounds.into_iter().all(enough)
    };
    (0..=100)
        .map(|share| blend(colour, end, share))
        .find(reaches)
        .unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_is_that_of_the_standard() {
        let near = |a: f64, b: f64| (a - b).abs() < 0.01;
        assert!(near(contrast([0; 3], [255; 3]), 21.0));
        assert!(near(contrast([255; 3], [255; 3]), 1.0));
        // The grey that is just legible on white, known from every checker.
        assert!(near(contrast([0x76; 3], [255; 3]), 4.54));
        assert!(near(contrast([0x77; 3], [255; 3]), 4.48));
    }

    #[test]
    fn a_tint_goes_no_further_than_it_must() {
        let dark = [[0x10, 0x16, 0x18], [0x1a, 0x20, 0x23]];
        let depth = ColorDepth::TrueColor;
        assert_eq!(
            legible([0x22, 0xc3, 0xb6], dark, depth),
            [0x22, 0xc3, 0xb6],
            "as it is"
        );
        let tint = legible([0xb8, 0x2e, 0x2e], dark, depth);
        let ratio = contrast(tint, dark[1]);
        assert!((LEGIBLE..4.7).contains(&ratio), "{ratio}");
        let light = [[0xf6, 0xf4, 0xef]; 2];
        let shade = legible([0x22, 0xc3, 0xb6], light, depth);
        assert!(luminance(shade) < luminance([0x22, 0xc3, 0xb6]));
        assert!(contrast(shade, light[0]) >= LEGIBLE);
    }
}
