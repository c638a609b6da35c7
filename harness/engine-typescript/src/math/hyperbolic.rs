//! Hyperbolic functions, and the cubic root. Ported from fdlibm as V8 has it, which has this notice:
//!
//! Copyright (C) 1993-2004 by Sun Microsystems, Inc. All rights reserved. Developed at `SunSoft`, a Sun Microsystems, Inc. business.
//! Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.

use super::exponent::{exp, log, log1p};
use super::words::{TWO_54, from_words, high};

pub(super) fn asinh(x: f64) -> f64 {
    let t;
    let top = high(x) & 0x7fff_ffff;
    if !(0x3e30_0000..0x7ff0_0000).contains(&top) {
        return x;
    }
    if top > 0x41b0_0000 {
        t = log(x.abs()) + std::f64::consts::LN_2;
    } else if top > 0x4000_0000 {
        let a = x.abs();
        t = log(2.0 * a + 1.0 / ((x * x + 1.0).sqrt() + a));
    } else {
        let s = x * x;
        t = log1p(x.abs() + s / (1.0 + (1.0 + s).sqrt()));
    }
    if high(x) > 0 { t } else { -t }
}
pub(super) fn acosh(x: f64) -> f64 {
    if x < 1.0 {
        return f64::NAN;
    }
    if x.is_nan() {
        return x;
    }
    if high(x) >= 0x41b0_0000 {
        return if x.is_infinite() { x } else { log(x) + std::f64::consts::LN_2 };
    }
    if x == 1.0 {
        return 0.0;
    }
    if high(x) > 0x4000_0000 {
        let t = x * x;
        return log(2.0 * x - 1.0 / (x + (t - 1.0).sqrt()));
    }
    let t = x - 1.0;
    log1p(t + (2.0 * t + t * t).sqrt())
}
pub(super) fn atanh(x: f64) -> f64 {
    if x.abs() > 1.0 {
        return f64::NAN;
    }
    if x.abs() == 1.0 {
        return x / 0.0;
    }
    let top = high(x) & 0x7fff_ffff;
    if top < 0x3e30_0000 {
        return x;
    }
    let a = x.abs();
    let t = if top < 0x3fe0_0000 {
        let t = a + a;
        0.5 * log1p(t + t * a / (1.0 - a))
    } else {
        0.5 * log1p((a + a) / (1.0 - a))
    };
    if high(x) >= 0 { t } else { -t }
}

pub(super) fn cosh(x: f64) -> f64 {
    let top = high(x) & 0x7fff_ffff;
    let a = x.abs();
    if top < 0x3fd6_2e43 {
        let t = libm::expm1(a);
        let w = 1.0 + t;
        return if top < 0x3c80_0000 { w } else { 1.0 + (t * t) / (w + w) };
    }
    if top < 0x4036_0000 {
        let t = exp(a);
        return 0.5 * t + 0.5 / t;
    }
    if top < 0x4086_2e42 {
        return 0.5 * exp(a);
    }
    if a <= 710.475_860_073_943_9 {
        let w = exp(0.5 * a);
        return 0.5 * w * w;
    }
    // Beyond what a double holds, unless it is no number.
    if x.is_nan() { x } else { f64::INFINITY }
}

pub(super) fn sinh(x: f64) -> f64 {
    let h = if x < 0.0 { -0.5 } else { 0.5 };
    let a = x.abs();
    if a < 22.0 {
        if a < 3.725_290_298_461_914e-9 {
            return x;
        }
        let t = libm::expm1(a);
        return if a < 1.0 { h * (2.0 * t - t * t / (t + 1.0)) } else { h * (t + t / (t + 1.0)) };
    }
    if a < 709.782_226_562_5 {
        return h * exp(a);
    }
    if a <= 710.475_860_073_943_9 {
        let w = exp(0.5 * a);
        return h * w * w;
    }
    x * 1.0e307
}

pub(super) fn tanh(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let a = x.abs();
    let top = high(x) & 0x7fff_ffff;
    let z = if top >= 0x4036_0000 {
        1.0
    } else if top < 0x3e30_0000 {
        return x;
    } else if top >= 0x3ff0_0000 {
        1.0 - 2.0 / (libm::expm1(2.0 * a) + 2.0)
    } else {
        let t = libm::expm1(-2.0 * a);
        -t / (t + 2.0)
    };
    if high(x) >= 0 { z } else { -z }
}

pub(super) fn cbrt(x: f64) -> f64 {
    const P: [f64; 5] = [
        1.875_951_824_271_770_096_43,
        -1.884_979_795_433_771_698_75,
        1.621_429_720_105_354_466_140,
        -0.758_397_934_778_766_047_437,
        0.145_996_192_886_612_446_982,
    ];
    let sign = high(x) & i32::MIN;
    let top = high(x) ^ sign;
    if top >= 0x7ff0_0000 {
        return x + x;
    }
    let mut t = if top < 0x0010_0000 {
        if x == 0.0 {
            return x;
        }
        from_words(sign | ((high(TWO_54 * x) & 0x7fff_ffff) / 3 + 696_219_795), 0)
    } else {
        from_words(sign | (top / 3 + 715_094_163), 0)
    };
    let r = (t * t) * (t / x);
    t *= (P[0] + r * (P[1] + r * P[2])) + ((r * r) * r) * (P[3] + r * P[4]);
    t = f64::from_bits((t.to_bits() + 0x8000_0000) & 0xffff_ffff_c000_0000);
    let s = t * t;
    let r = x / s;
    let w = t + t;
    let r = (r - t) / (w + r);
    t + t * r
}
