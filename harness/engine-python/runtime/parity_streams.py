"""Clock and randomness of a call in pure Python, for a process that no Rust is in."""

from __future__ import annotations

import ctypes
from datetime import datetime, timedelta, timezone

MASK = (1 << 64) - 1

#: Tells the float stream from the byte stream.
FLOAT_STREAM = 0x6A09E667F3BCC908

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MILLISECOND = timedelta(milliseconds=1)

_type_modified = ctypes.pythonapi.PyType_Modified
_type_modified.argtypes = [ctypes.py_object]
_type_modified.restype = None


#: ``time.tzset`` would change the module ``time``, too.
_libc = ctypes.CDLL(None)
_setenv, _tzset = _libc.setenv, _libc.tzset


class SplitMix64:
    """The generator of Steele, Lea and Flood."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def next(self) -> int:
        """The next 64 bits."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)


class Streams:
    """The doors that ``parity_ambient`` opens."""

    def __init__(self) -> None:
        self._zone = "UTC"
        self.rewind()

    def rewind(self) -> None:
        """Puts the streams to where they are while a file is loaded, whichever was loaded before."""
        self.reset({"now": "2026-01-15T09:30:00.000Z", "entropy": "0"})

    def reset(self, ambient: dict[str, str]) -> None:
        """Puts the streams to the start of a call."""
        moment = datetime.strptime(ambient["now"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
        self._milliseconds = (moment - EPOCH) // MILLISECOND
        entropy = int(ambient["entropy"], 16)
        self._words = SplitMix64(entropy)
        self._pending = b""
        self._floats = SplitMix64(entropy ^ FLOAT_STREAM)
        self._enter(ambient.get("zone", "UTC"))

    def _enter(self, zone: str) -> None:
        """Puts the process into a time zone, by which Python tells local times."""
        if zone != self._zone:
            _setenv(b"TZ", zone.encode(), 1)
            _tzset()
            self._zone = zone

    def forget_zone(self) -> None:
        """Says that the process may be in another zone."""
        self._zone = ""

    def is_utc(self) -> bool:
        return self._zone == "UTC"

    def milliseconds(self) -> int:
        return self._milliseconds

    def bytes(self, count: int) -> bytes:
        missing = count - len(self._pending)
        words = [self._words.next().to_bytes(8, "little") for _ in range((missing + 7) // 8)]
        drawn = self._pending + b"".join(words)
        self._pending = drawn[count:]
        return drawn[:count]

    def float(self) -> float:
        return (self._floats.next() >> 11) / (1 << 53)

    def type_modified(self, cls: type) -> None:
        _type_modified(cls)
