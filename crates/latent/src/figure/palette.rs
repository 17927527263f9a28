//! Ten colours and ten shapes for the ten digits.
//!
//! Five colours are those of M. Okabe and K. Ito, "Color Universal Design" (2008), which readers with
//! any kind of colour vision can tell apart. Their blue and their yellow are replaced by colours that
//! stand out on light and on dark pages, and three more are added at some distance from all others,
//! also as readers without red or green cones see them. Each class also has a shape of its own.

use plotly::common::MarkerSymbol;

const COLOURS: [&str; 10] = [
    "#1E7DAA", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C914B", "#C34196",
    "#8C8C8C", "#7A5FD3",
];

/// The colour of a class.
pub(super) fn colour(class: usize) -> &'static str {
    COLOURS[class % COLOURS.len()]
}

/// The shape of a class.
pub(super) fn symbol(class: usize) -> MarkerSymbol {
    match class % COLOURS.len() {
        0 => MarkerSymbol::Circle,
        1 => MarkerSymbol::Square,
        2 => MarkerSymbol::Diamond,
        3 => MarkerSymbol::Cross,
        4 => MarkerSymbol::X,
        5 => MarkerSymbol::TriangleUp,
        6 => MarkerSymbol::TriangleDown,
        7 => MarkerSymbol::Star,
        8 => MarkerSymbol::Pentagon,
        _ => MarkerSymbol::Hexagram,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader sees of light in red, green and blue, by the simulation of Machado, Oliveira and
    /// Fernandes (2009): with all cones, without the green ones, without the red ones.
    const EYES: [[[f64; 3]; 3]; 3] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ];

    fn times(matrix: [[f64; 3]; 3], x: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(x).map(|(a, x)| a * x).sum())
    }

    /// "#0072B2" as light: linear in the power of each lamp of the screen.
    fn light(hex: &str) -> [f64; 3] {
        [1, 3, 5].map(|start| {
            let byte = u8::from_str_radix(&hex[start..start + 2], 16).unwrap();
            let value = f64::from(byte) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    /// Light in Oklab (Ottosson, 2020), where distances are about as large as they look.
    fn oklab(light: [f64; 3]) -> [f64; 3] {
        let cones = times(
            [
                [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
                [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
                [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
            ],
            light.map(|x| x.clamp(0.0, 1.0)),
        );
        times(
            [
                [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
                [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
                [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
            ],
            cones.map(f64::cbrt),
        )
    }

    /// The contrast of two colours as WCAG defines it, from 1 to 21.
    fn contrast(one: &str, other: &str) -> f64 {
        let luminance = |hex| {
            let [red, green, blue] = light(hex);
            0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
        };
        let (one, other) = (luminance(one), luminance(other));
        one.max(other) / one.min(other)
    }

    #[test]
    fn colours_can_be_told_apart_by_all_readers() {
        for eyes in EYES {
            let seen = COLOURS.map(|hex| oklab(times(eyes, light(hex))));
            for (class, one) in seen.iter().enumerate() {
                for (other_class, other) in seen.iter().enumerate().skip(class + 1) {
                    let squares = one.iter().zip(other).map(|(a, b)| (a - b).powi(2));
                    let distance = squares.sum::<f64>().sqrt();
                    assert!(distance > 0.03, "{class}, {other_class}: {distance:.3}");
                }
            }
        }
    }

    #[test]
    fn colours_stand_out_on_white_and_on_black_pages() {
        for hex in COLOURS {
            assert!(contrast(hex, "#111111") > 3.9, "{hex} on black");
            assert!(contrast(hex, "#FFFFFF") > 2.2, "{hex} on white");
        }
        for class in [0, 7] {
            assert!(contrast(colour(class), "#111111") > 4.0);
            assert!(contrast(colour(class), "#FFFFFF") > 4.0);
        }
    }

    #[test]
    fn the_scripts_draw_training_and_validation_in_the_colours_of_the_plots() {
        for script in [
            include_str!("js/time_machine.js"),
            include_str!("js/playground/losses.js"),
            include_str!("js/playground/playground.js"),
        ] {
            assert!(script.contains(colour(0)) && script.contains(colour(5)));
        }
    }
}
