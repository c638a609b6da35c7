//! Powers, with V8's own mistake. Ported from fdlibm as V8 has it, which has this notice:
//!
//! Copyright (C) 1993-2004 by Sun Microsystems, Inc. All rights reserved. Developed at `SunSoft`, a Sun Microsystems, Inc. business.
//! Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.

use super::exponent::P;
use super::words::{from_words, high, low, with_high, without_low};

const L: [f64; 6] = [
    5.999_999_999_999_946_487_25e-01,
    4.285_714_285_785_501_842_52e-01,
    3.333_333_298_183_774_329_18e-01,
    2.727_281_238_085_340_064_89e-01,
    2.306_607_457_755_617_540_67e-01,
    2.069_750_178_003_384_177_84e-01,
];
pub(super) fn pow(x: f64, y: f64) -> f64 {
    let (hx, lx) = (high(x), low(x));
    let (hy, ly) = (high(y), low(y));
    let (ix, iy) = (hx & 0x7fff_ffff, hy & 0x7fff_ffff);
    if y == 0.0 {
        return 1.0;
    }
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    // Whether y is an odd (1) or an even (2) integer.
    let mut kind = 0;
    if hx < 0 {
        if iy >= 0x4340_0000 {
            kind = 2;
        } else if y.fract() == 0.0 {
            kind = if y % 2.0 == 0.0 { 2 } else { 1 };
        }
    }
    if ly == 0 {
        if iy == 0x7ff0_0000 {
            return if x.abs() == 1.0 {
                f64::NAN
            } else if (x.abs() > 1.0) == (hy >= 0) {
                f64::INFINITY
            } else {
                0.0
            };
        }
        if iy == 0x3ff0_0000 {
            return if hy < 0 { 1.0 / x } else { x };
        }
        if hy == 0x4000_0000 {
            return x * x;
        }
        if hy == 0x3fe0_0000 && hx >= 0 {
            return x.sqrt();
        }
    }
    let ax = x.abs();
    if lx == 0 && (ix == 0x7ff0_0000 || ix == 0 || ix == 0x3ff0_0000) {
        let mut z = if hy < 0 { 1.0 / ax } else { ax };
        if hx < 0 {
            if ix == 0x3ff0_0000 && kind == 0 {
                z = f64::NAN;
            } else if kind == 1 {
                z = -z;
            }
        }
        return z;
    }
    if hx < 0 && kind == 0 {
        return f64::NAN;
    }
    let s = if hx < 0 && kind == 1 { -1.0 } else { 1.0 };
    let (t1, t2) = if iy > 0x41e0_0000 {
        if iy > 0x43f0_0000 {
            if ix <= 0x3fef_ffff {
                return if hy < 0 { f64::INFINITY } else { 0.0 };
            }
            if ix >= 0x3ff0_0000 {
                return if hy > 0 { f64::INFINITY } else { 0.0 };
            }
        }
        if ix < 0x3fef_ffff {
            return if hy < 0 { s * f64::INFINITY } else { s * 0.0 };
        }
        if ix > 0x3ff0_0000 {
            return if hy > 0 { s * f64::INFINITY } else { s * 0.0 };
        }
        near_one(ax)
    } else {
        log2(ax)
    };
    let y1 = without_low(y);
    let p_l = (y - y1) * t1 + y * t2;
    let p_h = y1 * t1;
    let z = p_l + p_h;
    let (j, i) = (high(z), low(z));
    if j >= 0x4090_0000 {
        if ((j - 0x4090_0000) as u32 | i) != 0 || p_l + 8.008_566_259_537_294_437_2e-17 > z - p_h {
            return s * f64::INFINITY;
        }
    } else if (j & 0x7fff_ffff) >= 0x4090_cc00
        && (j.wrapping_sub(0xc090_cc00_u32 as i32) as u32 | i != 0 || p_l <= z - p_h)
    {
        return s * 0.0;
    }
    s * exp2(p_h, p_l, j)
}

fn near_one(ax: f64) -> (f64, f64) {
    const H: f64 = 1.442_695_021_629_333_496_09;
    const LO: f64 = 1.925_962_991_126_617_468_87e-08;
    let t = ax - 1.0;
    let w = (t * t) * (0.5 - t * (0.333_333_333_333_333_333_333 - t * 0.25));
    let u = H * t;
    let v = t * LO - w * std::f64::consts::LOG2_E;
    let t1 = without_low(u + v);
    (t1, v - (t1 - u))
}

fn log2(ax: f64) -> (f64, f64) {
    const CP: f64 = 9.617_966_939_259_755_543_29e-01;
    const CP_H: f64 = 9.617_967_009_544_372_558_59e-01;
    const CP_L: f64 = -7.028_461_650_952_758_265_16e-09;
    let mut ax = ax;
    let mut n = 0;
    if high(ax) < 0x0010_0000 {
        ax *= 9_007_199_254_740_992.0;
        n -= 53;
    }
    let top = high(ax);
    n += (top >> 20) - 0x3ff;
    let j = top & 0x000f_ffff;
    let mut ix = j | 0x3ff0_0000;
    let k = if j <= 0x3988E {
        0
    } else if j < 0xBB67A {
        1
    } else {
        n += 1;
        ix -= 0x0010_0000;
        0
    };
    ax = with_high(ax, ix);
    let (bp, dp_h, dp_l) = if k == 0 {
        (1.0, 0.0, 0.0)
    } else {
        (1.5, 5.849_624_872_207_641_601_56e-01, 1.350_039_202_129_748_971_28e-08)
    };
    let u = ax - bp;
    let v = 1.0 / (ax + bp);
    let ss = u * v;
    let s_h = without_low(ss);
    let t_h = from_words(((ix >> 1) | 0x2000_0000) + 0x0008_0000 + (k << 18), 0);
    let t_l = ax - (t_h - bp);
    let s_l = v * ((u - s_h * t_h) - s_h * t_l);
    let s2 = ss * ss;
    let mut r = s2 * s2 * (L[0] + s2 * (L[1] + s2 * (L[2] + s2 * (L[3] + s2 * (L[4] + s2 * L[5])))));
    r += s_l * (s_h + ss);
    let s2 = s_h * s_h;
    let t_h = without_low(3.0 + s2 + r);
    let t_l = r - ((t_h - 3.0) - s2);
    let u = s_h * t_h;
    let v = s_l * t_h + t_l * ss;
    let p_h = without_low(u + v);
    let p_l = v - (p_h - u);
    let z_h = CP_H * p_h;
    let z_l = CP_L * p_h + p_l * CP + dp_l;
    let t = f64::from(n);
    let t1 = without_low(((z_h + z_l) + dp_h) + t);
    (t1, z_l - (((t1 - t) - dp_h) - z_h))
}

fn exp2(p_h: f64, p_l: f64, j: i32) -> f64 {
    const LG2: f64 = std::f64::consts::LN_2;
    const LG2_H: f64 = 6.931_471_824_645_996_093_75e-01;
    const LG2_L: f64 = -1.904_654_299_957_768_045_25e-09;
    let mut p_h = p_h;
    let i = j & 0x7fff_ffff;
    let mut n = 0;
    if i > 0x3fe0_0000 {
        n = j.wrapping_add(0x0010_0000 >> ((i >> 20) - 0x3ff + 1));
        let k = ((n & 0x7fff_ffff) >> 20) - 0x3ff;
        let t = from_words(n & !(0x000f_ffff >> k), 0);
        n = ((n & 0x000f_ffff) | 0x0010_0000) >> (20 - k);
        if j < 0 {
            n = -n;
        }
        p_h -= t;
    }
    let t = without_low(p_l + p_h);
    let u = t * LG2_H;
    let v = (p_l - (t - p_h)) * LG2 + t * LG2_L;
    let z = u + v;
    let w = v - (z - u);
    let t = z * z;
    let t1 = z - t * (P[0] + t * (P[1] + t * (P[2] + t * (P[3] + t * P[4]))));
    // The second bracket belongs behind the quotient in fdlibm.
    let r = (z * t1) / ((t1 - 2.0) - (w + z * w));
    let z = 1.0 - (r - z);
    let top = high(z).wrapping_add(n << 20);
    if (top >> 20) <= 0 { libm::scalbn(z, n) } else { with_high(z, top) }
}
