"""Runs coroutines in virtual time: nobody waits, and what can never end is told at once."""

from __future__ import annotations

from typing import Any


class NeverSettlesError(BaseException):
    """A coroutine waits for something that nothing will deliver."""


def run(awaitable: Any) -> Any:
    """The value of an awaitable."""
    # Imported here, because it takes longer than all the rest, and most handlers are plain functions.
    import _thread  # noqa: PLC0415
    import asyncio  # noqa: PLC0415
    import selectors  # noqa: PLC0415

    class VirtualSelector(selectors.SelectSelector):
        """Where a loop would sleep until its next timer, its clock moves instead."""

        now = 0.0

        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            if timeout is None:
                if not _thread._count():
                    raise NeverSettlesError
                return super().select(0.01)  # another thread works, in real time
            self.now += timeout
            return super().select(0)

    class VirtualLoop(asyncio.SelectorEventLoop):
        """A loop whose time is the selector's."""

        def __init__(self) -> None:
            self.clock = VirtualSelector()
            super().__init__(self.clock)

        def time(self) -> float:
            return self.clock.now

    async def whole() -> Any:
        return await awaitable

    loop = VirtualLoop()
    try:
        return loop.run_until_complete(whole())
    finally:
        if getattr(loop, "_default_executor", None) is not None:
            loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
