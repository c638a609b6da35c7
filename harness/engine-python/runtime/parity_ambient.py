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
import resource
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import date, datetime, timedelta, timezone
from typing import Any, Protocol

from parity_isolation import OF_THE_CALL


class Doors(Protocol):
    """What Rust lends to this module."""

    def milliseconds(self) -> int:
        """The time of the call, in milliseconds since 1970."""

    def is_utc(self) -> bool:
        """Whether the call's time zone is UTC."""

    def bytes(self, count: int) -> bytes:
        """The next bytes of the byte stream."""

    def float(self) -> float:
        """The next float of the float stream, in [0, 1)."""

    def type_modified(self, cls: type) -> None:
        """Says that a built-in type's members changed."""


EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

#: What has taken the place of the ambient randomness in this call.
SEEDED: ContextVar[random.Random | None] = ContextVar(OF_THE_CALL + "seeded", default=None)

#: The time of the last identifier of version 1, in its units.
LAST_TICKS: ContextVar[int] = ContextVar(OF_THE_CALL + "ticks", default=-1)

#: The ticks of such an identifier are those of 100 ns since 1582, and its node is none that a machine has.
TICKS_BEFORE_1970 = 0x01B21DD213814000
NODE = 0x010000000000


#: The variable by which the C library is told the zone, and what it is as far as Python knows.
ZONE, UTC = "TZ", "UTC"

real_tzset = time.tzset


def install(doors: Doors) -> None:
    """Replaces every ordinary door to the clock and to randomness, and makes UTC the local zone.

    The zone of a call is that of the C library, by which Python tells local times. The constants of the module ``time``
    stay those of UTC.
    """
    os.environ[ZONE] = UTC
    real_tzset()
    _install_clock(doors)
    _install_datetime(doors)
    _install_randomness(doors)
    _install_identifiers(doors)
    _install_usage()


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
        "tzset": tzset,
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


def tzset() -> None:
    """Sets the zone that a handler asks for.

    The library asks for none, before it reads a date: the zone stays that of the call.
    """
    if os.environ.get(ZONE) != UTC:
        real_tzset()


def _install_datetime(doors: Doors) -> None:
    def utc() -> datetime:
        return EPOCH + timedelta(milliseconds=doors.milliseconds())

    def local() -> datetime:
        if doors.is_utc():
            return utc().replace(tzinfo=None)
        seconds, milliseconds = divmod(doors.milliseconds(), 1000)
        return datetime.fromtimestamp(seconds) + timedelta(milliseconds=milliseconds)

    def made_of(cls: type[datetime], moment: datetime) -> datetime:
        if cls is datetime:
            return moment
        day = (moment.year, moment.month, moment.day)
        return cls(*day, moment.hour, moment.minute, moment.second, moment.microsecond, moment.tzinfo)

    def now(cls: type[datetime], tz: datetime_module.tzinfo | None = None) -> datetime:
        return made_of(cls, local() if tz is None else utc().astimezone(tz))

    def utcnow(cls: type[datetime]) -> datetime:
        return made_of(cls, utc().replace(tzinfo=None))

    def today(cls: type[date]) -> date:
        if issubclass(cls, datetime):
            return made_of(cls, local())
        moment = local()
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
        """The generator behind the functions of the module ``random``. Once a call seeds it, it is an ordinary one."""

        def random(self) -> float:
            own = SEEDED.get()
            return doors.float() if own is None else own.random()

        def _randbelow(self, n: int) -> int:
            own = SEEDED.get()
            return int(doors.float() * n) if own is None else own._randbelow(n)  # type: ignore[attr-defined]

        def getrandbits(self, k: int) -> int:
            own = SEEDED.get()
            if own is not None:
                return own.getrandbits(k)
            return int.from_bytes(doors.bytes((k + 7) // 8), "little") & ((1 << k) - 1)

        def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> float:
            own = SEEDED.get()
            if own is not None:
                return own.gauss(mu, sigma)
            self.gauss_next = None  # the second value of a pair would outlive the call
            return super().gauss(mu, sigma)

        def seed(self, a: Any = None, version: int = 2) -> None:
            own = None
            if a is not None:
                own = random.Random()
                own.seed(a, version)
            SEEDED.set(own)

        def getstate(self) -> tuple[Any, ...]:
            own = SEEDED.get()
            return () if own is None else own.getstate()

        def setstate(self, state: tuple[Any, ...]) -> None:
            own = random.Random() if state else None
            if own is not None:
                own.setstate(state)
            SEEDED.set(own)

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


def _install_identifiers(doors: Doors) -> None:
    def uuid1(node: int | None = None, clock_seq: int | None = None) -> uuid.UUID:
        """An identifier of the time of the call, without a machine."""
        ticks = max(doors.milliseconds() * 10_000 + TICKS_BEFORE_1970, LAST_TICKS.get() + 1)
        LAST_TICKS.set(ticks)
        sequence = random.getrandbits(14) if clock_seq is None else clock_seq
        fields = (ticks & 0xFFFFFFFF, ticks >> 32 & 0xFFFF, ticks >> 48 & 0x0FFF, sequence >> 8 & 0x3F, sequence & 0xFF)
        return uuid.UUID(fields=(*fields, NODE if node is None else node), version=1)

    setattr(uuid, "uuid1", uuid1)
    setattr(uuid, "getnode", lambda: NODE)


def _install_usage() -> None:
    """What a call has used so far is nothing."""
    times = os.times_result((0.0,) * 5)
    usage = resource.struct_rusage((0.0, 0.0, *(0,) * 14))
    for module in (os, posix):
        setattr(module, "times", lambda: times)
        setattr(module, "getloadavg", lambda: (0.0, 0.0, 0.0))
    setattr(resource, "getrusage", lambda _: usage)
