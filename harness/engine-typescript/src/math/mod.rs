//! `Math` as V8 computes it, to the last bit: functions of the crate `libm`, and those of fdlibm in which V8 parts from
//! it.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "words of doubles are cut out"
)]
#![expect(clippy::many_single_char_names, reason = "the names are those of fdlibm")]
#![expect(clippy::excessive_precision, clippy::float_cmp, reason = "the constants and comparisons are those of fdlibm")]

mod angle;
mod exponent;
mod functions;
mod hyperbolic;
mod power;
mod radix;
mod words;

pub(super) use functions::object;
pub(super) use radix::radix_text;
