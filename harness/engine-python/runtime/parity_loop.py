"""Runs coroutines in virtual time: nobody waits, and what can never end is told at once.

Importing asyncio takes longer than all the rest, and most handlers are plain functions: it is prepared for trees that
need it.
"""

from __future__ import annotations

from typing import Any

import parity_builtins

parity_builtins.keep(globals())

#: How many descriptors a loop watches for itself.
OWN_PIPE = 1

#: How many seconds somebody waits for what is done in real time, at a time.
PAUSE = 0.01

#: The class of the loops, once it is made.
_loops: list[Any] = []


class NeverSettlesError(BaseException):
    """A coroutine waits for something that nothing will deliver."""


def run(awaitable: Any) -> Any:
    """The value of an awaitable."""

    async def whole() -> Any:
        return await awaitable

    prepare()
    loop = _loops[0]()
    try:
        return loop.run_until_complete(whole())
    finally:
        if getattr(loop, "_default_executor", None) is not None:
            loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def prepare() -> None:
    """Imports asyncio and makes virtual time that of every loop, so that no call pays for it."""
    if _loops:
        return
    import _thread  # noqa: PLC0415
    import asyncio  # noqa: PLC0415
    import selectors  # noqa: PLC0415

    class VirtualSelector(selectors.SelectSelector):
        """Where a loop would sleep until its timer, its clock moves instead, unless something comes from outside."""

        now = 0.0

        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            if len(self.get_map()) > OWN_PIPE:
                # What comes from outside comes in real time.
                pause = PAUSE if timeout is None else max(0.0, min(timeout, PAUSE))
                ready = super().select(pause)
                self.now += 0.0 if ready else pause
                return ready
            if timeout is None:
                if not _thread._count():
                    raise NeverSettlesError
                return super().select(PAUSE)  # another thread works, in real time
            self.now += timeout
            return super().select(0)

    class VirtualLoop(asyncio.SelectorEventLoop):
        """A loop whose time is the selector's."""

        def __init__(self, *_: Any) -> None:
            self.clock = VirtualSelector()
            super().__init__(self.clock)

        def time(self) -> float:
            return self.clock.now

    # What a handler starts by itself, as by asyncio.run().
    for module in (asyncio, asyncio.unix_events):
        setattr(module, "SelectorEventLoop", VirtualLoop)
    policy = asyncio.unix_events.DefaultEventLoopPolicy
    setattr(policy, "_loop_factory", VirtualLoop)
    asyncio.get_event_loop_policy()
    _loops.append(VirtualLoop)
    # The first loop imports and makes what the others find.
    run(_nothing())


async def _nothing() -> None:
    pass
