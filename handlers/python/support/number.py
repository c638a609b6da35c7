"""Arithmetic and number texts that come out the same in every language."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import TypeAlias

Number: TypeAlias = int | float

MAX_SAFE_INTEGER = 2**53 - 1


def is_safe(x: Number) -> bool:
    """Whether every language keeps a number of this size: it lies within ±(2^53 - 1) (RFC 7493, section 2.2)."""
    return abs(x) <= MAX_SAFE_INTEGER


def by_value(x: Number) -> Number:
    """An integral number is an integer, however it was written: 2.0 is 2."""
    return int(x) if x == int(x) else x


def nearest(x: Number) -> Number:
    """The result of arithmetic: an integer beyond the safe ones is the nearest float."""
    return x if is_safe(x) else float(x)


def sum_numbers(numbers: Iterable[Number]) -> Number:
    """The sum: exact while the numbers are integers; from the first float on with Kahan-Babuska compensation.

    So 0.1 + 0.2 + 0.3 is 0.6. The sum of nothing is the integer 0.
    """
    total: Number = 0
    compensation = 0.0
    for x in numbers:
        if isinstance(x, int) and isinstance(total, int):
            total += x
            continue
        total = float(total)
        following = total + x
        compensation += (total - following) + x if abs(total) >= abs(x) else (x - following) + total
        total = following
    return nearest(total) if isinstance(total, int) else total + compensation


def round2(x: float) -> float:
    """``x`` to two decimals, half away from zero: 2.675 is 2.68, although its double lies below."""
    return _round_scaled(x, 100.0)


def round4(x: float) -> float:
    """``x`` to four decimals, by the rule of ``round2``."""
    return _round_scaled(x, 10_000.0)


def _round_scaled(x: float, scale: float) -> float:
    scaled = x * scale
    rounded = math.copysign(math.floor(abs(scaled)), x)
    if abs(scaled - rounded) >= 0.5:
        rounded += math.copysign(1.0, x)
    if x > 0 and (rounded + 0.5) / scale <= x:
        rounded += 1.0
    elif x < 0 and (rounded - 0.5) / scale >= x:
        rounded -= 1.0
    # Adding 0 takes the sign from a zero.
    return (rounded + 0.0) / scale


def float_text(x: float) -> str:
    """The shortest digits that read back as ``x``, always with a decimal point (``3200.0``).

    In exponent form from 1e15 up (``1.0e+15``) and below 1e-4 (``1.0e-05``).
    """
    text = repr(float(x))
    if x == 0 or 1e-4 <= abs(x) < 1e15:
        return text
    if "e" not in text:  # from 1e15 up to 1e16
        digits = text.lstrip("-").replace(".0", "").replace(".", "")
        text = f"{'-' if x < 0 else ''}{digits[0]}.{digits[1:].rstrip('0') or '0'}e+15"
    mantissa, exponent = text.split("e")
    return f"{mantissa}{'' if '.' in mantissa else '.0'}e{exponent}"


def number_text(x: Number) -> str:
    """Plain digits for an integer, ``float_text`` for a float."""
    return str(x) if isinstance(x, int) else float_text(x)


_DIGITS = "[0-9](?:_?[0-9])*"
_NUMERIC_PREFIX = re.compile(rf"[\t\n\v\f\r ]*([+-]?(?:{_DIGITS}(?:\.{_DIGITS})?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?)")


def text_to_float(text: str) -> float:
    """The float that a text stands for.

    Leading ASCII whitespace is skipped, then the longest prefix of the form ``[+-]digits[.digits][e[+-]digits]``
    counts, with single underscores between digits. No such prefix is 0.
    """
    prefix = _NUMERIC_PREFIX.match(text)
    return float(prefix[1].replace("_", "")) if prefix else 0.0
