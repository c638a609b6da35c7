//! Exponential functions and logarithms. Ported from fdlibm as V8 has it, which has this notice:
//!
//! Copyright (C) 1993-2004 by Sun Microsystems, Inc. All rights reserved. Developed at `SunSoft`, a Sun Microsystems, Inc. business.
//! Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.

use super::words::{TWO_54, from_words, high, with_high};

const LN_2_HIGH: f64 = 6.931_471_803_691_238_164_90e-01;
const LN_2_LOW: f64 = 1.908_214_929_270_587_700_02e-10;

/// The series of the logarithm.
const LG: [f64; 7] = [
    6.666_666_666_666_735_130e-01,
    3.999_999_999_940_941_908e-01,
    2.857_142_874_366_239_149e-01,
    2.222_219_843_214_978_396e-01,
    1.818_357_216_161_805_012e-01,
    1.531_383_769_920_937_332e-01,
    1.479_819_860_511_658_591e-01,
];

/// The series of the exponential function, of powers, too.
pub(super) const P: [f64; 5] = [
    1.666_666_666_666_660_190_37e-01,
    -2.777_777_777_701_559_338_42e-03,
    6.613_756_321_437_934_361_17e-05,
    -1.653_390_220_546_525_153_90e-06,
    4.138_136_797_057_238_460_39e-08,
];

pub(super) fn exp(x: f64) -> f64 {
    const INV_LN_2: f64 = std::f64::consts::LOG2_E;
    let is_negative = high(x) < 0;
    let top = high(x) & 0x7fff_ffff;
    if top >= 0x4086_2E42 {
        if x.is_nan() {
            return x;
        }
        if x > 709.782_712_893_383_973_096 {
            return f64::INFINITY;
        }
        if x < -745.133_219_101_941_108_420 {
            return 0.0;
        }
    }
    let (mut hi, mut lo, mut k) = (0.0, 0.0, 0_i32);
    let mut x = x;
    if top > 0x3fd6_2e42 {
        if top < 0x3FF0_A2B2 {
            if x == 1.0 {
                return std::f64::consts::E;
            }
            let sign = if is_negative { -1.0 } else { 1.0 };
            hi = x - sign * LN_2_HIGH;
            lo = sign * LN_2_LOW;
            k = if is_negative { -1 } else { 1 };
        } else {
            k = (INV_LN_2 * x + if is_negative { -0.5 } else { 0.5 }) as i32;
            let t = f64::from(k);
            hi = x - t * LN_2_HIGH;
            lo = t * LN_2_LOW;
        }
        x = hi - lo;
    } else if top < 0x3e30_0000 {
        return 1.0 + x;
    }
    let t = x * x;
    let c = x - t * (P[0] + t * (P[1] + t * (P[2] + t * (P[3] + t * P[4]))));
    if k == 0 {
        return 1.0 - ((x * c) / (c - 2.0) - x);
    }
    let y = 1.0 - ((lo - (x * c) / (2.0 - c)) - hi);
    if k == 1024 {
        y * 2.0 * 8.988_465_674_311_579_539e307
    } else if k >= -1021 {
        y * from_words(0x3ff0_0000 + (k << 20), 0)
    } else {
        y * from_words(0x3ff0_0000 + ((k + 1000) << 20), 0) * 9.332_636_185_032_188_789_90e-302
    }
}

/// A normal number and a power of two that `x` is the product of, or the logarithm of an `x` that is none.
fn scaled(x: f64) -> Result<(f64, i32), f64> {
    let mut x = x;
    let mut k = 0;
    if high(x) < 0x0010_0000 {
        if x == 0.0 {
            return Err(f64::NEG_INFINITY);
        }
        if high(x) < 0 {
            return Err(f64::NAN);
        }
        k -= 54;
        x *= TWO_54;
    }
    if high(x) >= 0x7ff0_0000 { Err(x + x) } else { Ok((x, k)) }
}

pub(super) fn log(x: f64) -> f64 {
    let (mut x, mut k) = match scaled(x) {
        Ok(scaled) => scaled,
        Err(logarithm) => return logarithm,
    };
    let top = high(x) & 0x000f_ffff;
    k += (high(x) >> 20) - 1023;
    let i = (top + 0x95f64) & 0x10_0000;
    x = with_high(x, top | (i ^ 0x3ff0_0000));
    k += i >> 20;
    let dk = f64::from(k);
    let f = x - 1.0;
    if (0x000f_ffff & (2 + top)) < 3 {
        if f == 0.0 {
            return if k == 0 { 0.0 } else { dk * LN_2_HIGH + dk * LN_2_LOW };
        }
        let r = f * f * (0.5 - 0.333_333_333_333_333_33 * f);
        return if k == 0 { f - r } else { dk * LN_2_HIGH - ((r - dk * LN_2_LOW) - f) };
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let t1 = w * (LG[1] + w * (LG[3] + w * LG[5]));
    let t2 = z * (LG[0] + w * (LG[2] + w * (LG[4] + w * LG[6])));
    let r = t2 + t1;
    if (top - 0x6147a) | (0x6b851 - top) > 0 {
        let half = 0.5 * f * f;
        if k == 0 {
            f - (half - s * (half + r))
        } else {
            dk * LN_2_HIGH - ((half - (s * (half + r) + dk * LN_2_LOW)) - f)
        }
    } else if k == 0 {
        f - s * (f - r)
    } else {
        dk * LN_2_HIGH - ((s * (f - r) - dk * LN_2_LOW) - f)
    }
}

pub(super) fn log10(x: f64) -> f64 {
    const INV_LN_10: f64 = std::f64::consts::LOG10_E;
    const LOG_10_2_HIGH: f64 = 3.010_299_956_636_117_713_06e-01;
    const LOG_10_2_LOW: f64 = 3.694_239_077_158_930_786_16e-13;
    let (mut x, mut k) = match scaled(x) {
        Ok(scaled) => scaled,
        Err(logarithm) => return logarithm,
    };
    if x == 1.0 {
        return 0.0;
    }
    k += (high(x) >> 20) - 1023;
    let i = i32::from(k < 0);
    let y = f64::from(k + i);
    x = with_high(x, (high(x) & 0x000f_ffff) | ((0x3ff - i) << 20));
    let z = y * LOG_10_2_LOW + INV_LN_10 * log(x);
    z + y * LOG_10_2_HIGH
}

pub(super) fn log1p(x: f64) -> f64 {
    let top = high(x);
    let top_of_abs = top & 0x7fff_ffff;
    let (mut k, mut f, mut hu, mut c) = (1, 0.0, 1, 0.0);
    if top < 0x3FDA_827A {
        if top_of_abs >= 0x3ff0_0000 {
            return if x == -1.0 { f64::NEG_INFINITY } else { f64::NAN };
        }
        if top_of_abs < 0x3e20_0000 {
            return if top_of_abs < 0x3c90_0000 { x } else { x - x * x * 0.5 };
        }
        if top > 0 || top <= 0xbfd2_bec4_u32 as i32 {
            k = 0;
            f = x;
        }
    }
    if top >= 0x7ff0_0000 {
        return x + x;
    }
    if k != 0 {
        let mut u = x;
        if top < 0x4340_0000 {
            u = 1.0 + x;
            k = (high(u) >> 20) - 1023;
            c = (if k > 0 { 1.0 - (u - x) } else { x - (u - 1.0) }) / u;
        } else {
            k = (high(u) >> 20) - 1023;
        }
        hu = high(u) & 0x000f_ffff;
        if hu < 0x6a09e {
            u = with_high(u, hu | 0x3ff0_0000);
        } else {
            k += 1;
            u = with_high(u, hu | 0x3fe0_0000);
            hu = (0x0010_0000 - hu) >> 2;
        }
        f = u - 1.0;
    }
    let dk = f64::from(k);
    let half = 0.5 * f * f;
    if hu == 0 {
        if f == 0.0 {
            return if k == 0 { 0.0 } else { dk * LN_2_HIGH + (c + dk * LN_2_LOW) };
        }
        let r = half * (1.0 - 0.666_666_666_666_666_66 * f);
        return if k == 0 { f - r } else { dk * LN_2_HIGH - ((r - (dk * LN_2_LOW + c)) - f) };
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let r = z * (LG[0] + z * (LG[1] + z * (LG[2] + z * (LG[3] + z * (LG[4] + z * (LG[5] + z * LG[6]))))));
    if k == 0 {
        f - (half - s * (half + r))
    } else {
        dk * LN_2_HIGH - ((half - (s * (half + r) + (dk * LN_2_LOW + c))) - f)
    }
}
