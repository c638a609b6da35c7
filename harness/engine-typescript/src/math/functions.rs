//! The functions that handlers find in `Math`.

use rquickjs::function::Opt;
use rquickjs::{Coerced, Ctx, Function, Object};

use super::angle::{atan2, cos, sin};
use super::exponent::{exp, log, log1p, log10};
use super::hyperbolic::{acosh, asinh, atanh, cbrt, cosh, sinh, tanh};
use super::power::pow;
use crate::profile::Profile;

type One = fn(f64) -> f64;
type Two = fn(f64, f64) -> f64;

/// The functions of `Math` that QuickJS computes in another way.
pub(crate) fn object<'js>(ctx: &Ctx<'js>, profile: Profile) -> rquickjs::Result<Object<'js>> {
    const ONE: [(&str, One); 19] = [
        ("acos", libm::acos),
        ("acosh", acosh),
        ("asin", libm::asin),
        ("asinh", asinh),
        ("atan", libm::atan),
        ("atanh", atanh),
        ("cbrt", cbrt),
        ("cos", cos),
        ("cosh", cosh),
        ("exp", exp),
        ("expm1", libm::expm1),
        ("log", log),
        ("log10", log10),
        ("log1p", log1p),
        ("log2", libm::log2),
        ("sin", sin),
        ("sinh", sinh),
        ("tan", libm::tan),
        ("tanh", tanh),
    ];
    type Number = Opt<Coerced<f64>>;
    let number = |number: Number| number.0.map_or(f64::NAN, |number| number.0);
    let object = Object::new(ctx.clone())?;
    let set = |name: &str, length: usize, function: Function<'js>| {
        object.set(name, function.with_length(length)?.with_name(name)?)
    };
    for (name, function) in ONE {
        set(name, 1, Function::new(ctx.clone(), move |x: Number| function(number(x)))?)?;
    }
    // Until then V8 has a function of its own.
    let pow = if profile >= Profile::Node24 { library_pow } else { pow };
    let two: [(&str, Two); 2] = [("atan2", atan2), ("pow", pow)];
    for (name, function) in two {
        set(name, 2, Function::new(ctx.clone(), move |x: Number, y: Number| function(number(x), number(y)))?)?;
    }
    Ok(object)
}

/// The C library's power, with what JavaScript asks for where C says 1.
fn library_pow(x: f64, y: f64) -> f64 {
    if y.is_nan() || y.is_infinite() && x.abs() == 1.0 { f64::NAN } else { x.powf(y) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::math::radix_text;

    #[rstest]
    #[case(pow(10.0, -4.0), 0.000_099_999_999_999_999_99)]
    #[case(pow(5.0, -11.0), 2.048e-8)]
    #[case(pow(1.05, 12.0), 1.795_856_326_022_13)]
    #[case(exp(1.0), std::f64::consts::E)]
    #[case(log(5.296_869_953_162_968), 1.667_116_071_225_132_7)]
    #[case(log10(53.0), 1.724_275_869_600_789_2)]
    #[case(log1p(0.341_372_083_872_556_7), 0.293_693_033_279_048_3)]
    #[case(sin(0.83), 0.737_931_371_109_962_7)]
    #[case(cos(-6.0), 0.960_170_286_650_366_1)]
    #[case(atan2(276_147.506_199_777_1, -4.544_219_888_383_135_4e-14), std::f64::consts::FRAC_PI_2)]
    #[case(sinh(-37.0), -5_859_571_186_401_306.0)]
    #[case(cosh(0.658_855_512_738_227_8), 1.225_011_229_385_679_2)]
    #[case(tanh(0.809_928_760_863_840_6), 0.669_550_958_754_170_1)]
    #[case(asinh(-8.724_153_740_331_53), -2.862_511_267_280_087)]
    #[case(acosh(616.111_300_885_677_3), 7.116_574_152_427_633)]
    #[case(atanh(0.682_344_873_435_795_3), 0.833_488_785_306_778_2)]
    #[case(cbrt(-30.0), -3.107_232_505_953_858_6)]
    fn values_are_those_of_node_20(#[case] ours: f64, #[case] node: f64) {
        assert_eq!(ours.to_bits(), node.to_bits(), "{ours}");
    }

    #[rstest]
    #[case(10.0, -4.0, 0.0001)]
    #[case(10.0, -5.0, 0.000_01)]
    #[case(-2.0, 3.0, -8.0)]
    #[case(1.0, f64::NAN, f64::NAN)]
    #[case(-1.0, f64::INFINITY, f64::NAN)]
    #[case(f64::NAN, 0.0, 1.0)]
    fn powers_are_those_of_node_24(#[case] x: f64, #[case] y: f64, #[case] node: f64) {
        let power = library_pow(x, y);
        assert!(power.to_bits() == node.to_bits() || power.is_nan() && node.is_nan(), "{power}");
    }

    #[rstest]
    #[case(0.1, 3, "0.0022002200220022002200220022002201")]
    #[case(-1.0 / 3.0, 36, "-0.c")]
    #[case(1e21, 7, "5135235413265003022600000")]
    #[case(35.999_999_999_999_996, 36, "z.zzzzzzzzz")]
    fn numbers_in_other_bases_are_those_of_node(#[case] value: f64, #[case] radix: u32, #[case] text: &str) {
        assert_eq!(radix_text(value, radix), text);
    }
}
