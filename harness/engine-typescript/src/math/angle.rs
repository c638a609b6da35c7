//! Sine, cosine, and the angle of a point. Ported from fdlibm as V8 has it, which has this notice:
//!
//! Copyright (C) 1993-2004 by Sun Microsystems, Inc. All rights reserved. Developed at `SunSoft`, a Sun Microsystems, Inc. business.
//! Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.

use super::words::{from_words, high};

fn kernel_sin(x: f64, y: f64, is_exact: bool) -> f64 {
    const S: [f64; 6] = [
        -1.666_666_666_666_663_243_48e-01,
        8.333_333_333_322_489_461_24e-03,
        -1.984_126_982_985_794_931_34e-04,
        2.755_731_370_707_006_767_89e-06,
        -2.505_076_025_340_686_341_95e-08,
        1.589_690_995_211_550_102_21e-10,
    ];
    if high(x) & 0x7fff_ffff < 0x3e40_0000 {
        return x;
    }
    let z = x * x;
    let v = z * x;
    let r = S[1] + z * (S[2] + z * (S[3] + z * (S[4] + z * S[5])));
    if is_exact { x + v * (S[0] + z * r) } else { x - ((z * (0.5 * y - v * r) - y) - v * S[0]) }
}

fn kernel_cos(x: f64, y: f64) -> f64 {
    const C: [f64; 6] = [
        4.166_666_666_666_660_190_37e-02,
        -1.388_888_888_887_410_957_49e-03,
        2.480_158_728_947_672_941_78e-05,
        -2.755_731_435_139_066_330_35e-07,
        2.087_572_321_298_174_827_90e-09,
        -1.135_964_755_778_819_482_65e-11,
    ];
    let top = high(x) & 0x7fff_ffff;
    if top < 0x3e40_0000 {
        return 1.0;
    }
    let z = x * x;
    let r = z * (C[0] + z * (C[1] + z * (C[2] + z * (C[3] + z * (C[4] + z * C[5])))));
    if top < 0x3fd3_3333 {
        return 1.0 - (0.5 * z - (z * r - x * y));
    }
    let q = if top > 0x3fe9_0000 { 0.28125 } else { from_words(top - 0x0020_0000, 0) };
    let i = 0.5 * z - q;
    (1.0 - q) - (i - (z * r - x * y))
}

/// The rest of `x` modulo pi/2 in two parts, and the quadrant.
fn reduce(x: f64) -> Option<(i32, f64, f64)> {
    const INV: f64 = std::f64::consts::FRAC_2_PI;
    const P1: f64 = 1.570_796_326_734_125_614_17;
    const P1T: f64 = 6.077_100_506_506_192_249_32e-11;
    const P2: f64 = 6.077_100_506_303_965_976_60e-11;
    const P2T: f64 = 2.022_266_248_795_950_631_54e-21;
    const P3: f64 = 2.022_266_248_711_166_455_80e-21;
    const P3T: f64 = 8.478_427_660_368_899_569_97e-32;
    let top = high(x) & 0x7fff_ffff;
    if top > 0x4139_21fb {
        return None;
    }
    let t = x.abs();
    let n = (t * INV + 0.5) as i32;
    let f = f64::from(n);
    let mut r = t - f * P1;
    let mut w = f * P1T;
    let mut y0 = r - w;
    let j = top >> 20;
    if j - ((high(y0) >> 20) & 0x7ff) > 16 {
        let t = r;
        w = f * P2;
        r = t - w;
        w = f * P2T - ((t - r) - w);
        y0 = r - w;
        if j - ((high(y0) >> 20) & 0x7ff) > 49 {
            let t = r;
            w = f * P3;
            r = t - w;
            w = f * P3T - ((t - r) - w);
            y0 = r - w;
        }
    }
    let y1 = (r - y0) - w;
    Some(if high(x) < 0 { (-n, -y0, -y1) } else { (n, y0, y1) })
}

pub(super) fn sin(x: f64) -> f64 {
    if high(x) & 0x7fff_ffff <= 0x3fe9_21fb {
        return kernel_sin(x, 0.0, true);
    }
    let Some((n, y0, y1)) = reduce(x) else { return libm::sin(x) };
    match n & 3 {
        0 => kernel_sin(y0, y1, false),
        1 => kernel_cos(y0, y1),
        2 => -kernel_sin(y0, y1, false),
        _ => -kernel_cos(y0, y1),
    }
}

pub(super) fn cos(x: f64) -> f64 {
    if high(x) & 0x7fff_ffff <= 0x3fe9_21fb {
        return kernel_cos(x, 0.0);
    }
    let Some((n, y0, y1)) = reduce(x) else { return libm::cos(x) };
    match n & 3 {
        0 => kernel_cos(y0, y1),
        1 => -kernel_sin(y0, y1, false),
        2 => -kernel_cos(y0, y1),
        _ => kernel_sin(y0, y1, false),
    }
}

pub(super) fn atan2(y: f64, x: f64) -> f64 {
    const PI_LOW: f64 = 1.224_646_799_147_353_177_2e-16;
    const PI: f64 = std::f64::consts::PI;
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    if x == 1.0 {
        return libm::atan(y);
    }
    let (hx, hy) = (high(x), high(y));
    let (ix, iy) = (hx & 0x7fff_ffff, hy & 0x7fff_ffff);
    if y == 0.0 || x == 0.0 || ix == 0x7ff0_0000 || iy == 0x7ff0_0000 {
        return libm::atan2(y, x);
    }
    let is_left = hx < 0;
    let k = (iy - ix) >> 20;
    let z = if k > 60 {
        std::f64::consts::FRAC_PI_2 + 0.5 * PI_LOW
    } else if is_left && k < -60 {
        0.0
    } else {
        libm::atan((y / x).abs())
    };
    match (is_left && k <= 60, hy < 0) {
        (false, false) => z,
        (false, true) => -z,
        (true, false) => PI - (z - PI_LOW),
        (true, true) => (z - PI_LOW) - PI,
    }
}
