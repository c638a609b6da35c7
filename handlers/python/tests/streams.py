"""Clock and randomness of one call: the same streams that every other language draws from."""

from __future__ import annotations

import ctypes
from datetime import datetime, timedelta, timezone
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
WORD = (1 << 64) - 1

# Tells the float stream from the byte stream; the fraction bits of the square root of two.
FLOAT_STREAM = 0x6A09_E667_F3BC_C908

#: What a module sees while it is imported.
DEFAULT_AMBIENT = {"now": "2026-01-15T09:30:00.000Z", "entropy": "0000000000000000"}


class SplitMix64:
    """Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def next(self) -> int:
        """The next word."""
        self.state = (self.state + 0x9E37_79B9_7F4A_7C15) & WORD
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9) & WORD
        z = ((z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB) & WORD
        return z ^ (z >> 31)


class StreamDoors:
    """The doors that ``parity_ambient`` reads: a clock that stands still, and two streams seeded by ``entropy``.

    Bytes are taken from the words of their stream in little-endian order, without gaps between draws.
    """

    def __init__(self, ambient: dict[str, Any] = DEFAULT_AMBIENT) -> None:
        self.reset(ambient)

    def reset(self, ambient: dict[str, Any]) -> None:
        """Puts clock and streams to the start of a call."""
        now = datetime.fromisoformat(ambient["now"].replace("Z", "+00:00"))
        entropy = int(ambient["entropy"], 16)
        self._milliseconds = (now - EPOCH) // timedelta(milliseconds=1)
        self._words = SplitMix64(entropy)
        self._pending = b""
        self._floats = SplitMix64(entropy ^ FLOAT_STREAM)

    def milliseconds(self) -> int:
        """The time of the call, in milliseconds since 1970."""
        return self._milliseconds

    def bytes(self, count: int) -> bytes:
        """The next bytes of the byte stream."""
        missing = max(0, count - len(self._pending))
        words = (self._words.next().to_bytes(8, "little") for _ in range((missing + 7) // 8))
        drawn = b"".join([self._pending, *words])
        self._pending = drawn[count:]
        return drawn[:count]

    def float(self) -> float:
        """The next float of the float stream, in [0, 1): the upper 53 bits of a word."""
        return (self._floats.next() >> 11) / (1 << 53)

    def type_modified(self, cls: type) -> None:
        """Says that a built-in type's members changed."""
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(cls))
