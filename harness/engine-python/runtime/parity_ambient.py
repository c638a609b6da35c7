"""Clock and randomness under the harness's control.

Everything here takes the place of something in the standard library, before the first handler is imported. The clock
stands still; bytes and floats come from the streams of the call, which live in Rust.
"""

from __future__ import annotations

import datetime as datetime_module
import gc
import os
import posix
import random
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any, Protocol


class Doors(Protocol):
    """What Rust lends to this module."""

    def milliseconds(self) -> int:
        """The time of the call, in milliseconds since 1970."""

    def bytes(self, count: int) -> bytes:
        """The next bytes of the byte stream."""

    def float(self) -> float:
        """The next float of the float stream, in [0, 1)."""

    def type_modified(self, cls: type) -> None:
        """Says that a built-in type's members changed."""


EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def install(doors: Doors) -> None:
    """Replaces every ordinary door to the clock and to randomness, and makes UTC the local zone."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    _install_clock(doors)
    _install_datetime(doors)
    _install_randomness(doors)


def _install_clock(doors: Doors) -> None:
    seconds = {"time": lambda: doors.milliseconds() / 1000, "monotonic": lambda: 0.0, "perf_counter": lambda: 0.0}
    nanoseconds = {
        "time_ns": lambda: doors.milliseconds() * 1_000_000,
        "monotonic_ns": lambda: 0,
        "perf_counter_ns": lambda: 0,
        "process_time_ns": lambda: 0,
        "thread_time_ns": lambda: 0,
        "clock_gettime_ns": lambda _: doors.milliseconds() * 1_000_000,
    }
    others = {
        "process_time": lambda: 0.0,
        "thread_time": lambda: 0.0,
        "clock_gettime": lambda _: doors.milliseconds() / 1000,
        "sleep": lambda _: None,
    }
    for name, function in {**seconds, **nanoseconds, **others}.items():
        setattr(time, name, function)

    real = {name: getattr(time, name) for name in ("gmtime", "localtime", "ctime")}
    real_strftime, real_asctime = time.strftime, time.asctime

    def now_or(name: str) -> Callable[..., Any]:
        return lambda seconds=None: real[name](doors.milliseconds() // 1000 if seconds is None else seconds)

    for name in real:
        setattr(time, name, now_or(name))
    setattr(time, "strftime", lambda text, when=None: real_strftime(text, when or time.localtime()))
    setattr(time, "asctime", lambda when=None: real_asctime(when or time.localtime()))


def _install_datetime(doors: Doors) -> None:
    def utc() -> datetime:
        return EPOCH + timedelta(milliseconds=doors.milliseconds())

    def made_of(cls: type[datetime], moment: datetime) -> datetime:
        if cls is datetime:
            return moment
        day = (moment.year, moment.month, moment.day)
        return cls(*day, moment.hour, moment.minute, moment.second, moment.microsecond, moment.tzinfo)

    def now(cls: type[datetime], tz: datetime_module.tzinfo | None = None) -> datetime:
        return made_of(cls, utc().replace(tzinfo=None) if tz is None else utc().astimezone(tz))

    def utcnow(cls: type[datetime]) -> datetime:
        return made_of(cls, utc().replace(tzinfo=None))

    def today(cls: type[date]) -> date:
        if issubclass(cls, datetime):
            return made_of(cls, utc().replace(tzinfo=None))
        moment = utc()
        return cls(moment.year, moment.month, moment.day)

    _replace(doors, datetime, now=classmethod(now), utcnow=classmethod(utcnow))
    _replace(doors, date, today=classmethod(today))


def _replace(doors: Doors, cls: type, **members: Any) -> None:
    """Replaces members of a built-in type in place, so that the type stays what it is."""
    (namespace,) = gc.get_referents(cls.__dict__)
    namespace.update(members)
    doors.type_modified(cls)


def _install_randomness(doors: Doors) -> None:
    real_seed = random.Random.seed

    def seed(self: random.Random, a: Any = None, version: int = 2) -> None:
        """A generator without a seed takes one from the call; one that is seeded by hand stays as it is."""
        real_seed(self, int.from_bytes(doors.bytes(32), "little") if a is None else a, version)

    setattr(random.Random, "seed", seed)

    class AmbientRandom(random.Random):
        """The generator behind the functions of the module ``random``."""

        def random(self) -> float:
            return doors.float()

        def _randbelow(self, n: int) -> int:
            return int(doors.float() * n)

        def getrandbits(self, k: int) -> int:
            return int.from_bytes(doors.bytes((k + 7) // 8), "little") & ((1 << k) - 1)

        def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> float:
            self.gauss_next = None  # the second value of a pair would outlive the call
            return super().gauss(mu, sigma)

        def seed(self, *_: Any, **__: Any) -> None:
            pass

    generator = AmbientRandom()
    shared = random._inst
    for name, function in list(vars(random).items()):
        if getattr(function, "__self__", None) is shared:
            setattr(random, name, getattr(generator, name))
    random._inst = generator
    for module in (os, posix):
        setattr(module, "getrandom", lambda size, *_, **__: doors.bytes(size))
    for module, name in ((os, "urandom"), (posix, "urandom"), (random, "_urandom")):
        setattr(module, name, doors.bytes)
