"""Keeps handlers from what is not theirs in a process that no Rust is in: the rules of the embedded interpreter.

CPython announces what it is about to do to *audit hooks*. Ours refuses with an exception, and remembers the refusal,
because a handler can catch the exception.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from parity_guard import DeniedError

#: Where the interpreter looks for time zones, which are part of its library in all but place.
TIME_ZONES = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo")

#: A socket that is not connected reaches nobody, and event loops make a pair of them.
HARMLESS = {"socket.__new__"}

#: The descriptors that are not a handler's.
STANDARD_STREAMS = (0, 1, 2)

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Sandbox:
    """What may be read, and what was refused."""

    def __init__(self, root: str) -> None:
        #: What is open to handlers: files, the network, new processes.
        self.allowed = json.loads(Path(__file__).with_name("allowed.json").read_text(encoding="utf-8"))
        places = (root, *sys.path, *TIME_ZONES, *self.allowed["files"])
        self.readable = tuple(f"{_plain(place)}/" for place in places if place)
        self.events: dict[str, str] = {}
        self.beginnings: dict[str, str] = {}
        #: The outcome of a call that was refused something.
        self.denial: dict[str, Any] | None = None
        #: Whether files of the tree are imported. They may do without what they ask for.
        self.is_loading = True
        for line in Path(__file__).with_name("refused.txt").read_text(encoding="ascii").splitlines():
            if not line.startswith("#"):
                event, what, *door = line.split()
                if door and self.allowed[door[0]]:
                    continue
                (self.beginnings if event.endswith(".") else self.events)[event] = what

    def install(self) -> None:
        """Starts refusing, for good."""
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        refusal = self._refusal(event, arguments)
        if refusal is not None:
            what, detail = refusal
            self.denial = self.denial or {"status": "denied", "what": what, "detail": detail}
            error = DeniedError if not self.is_loading else ImportError if what == "native_code" else PermissionError
            raise error(f"handlers may not do this ({what}): {detail}")

    def _refusal(self, event: str, arguments: tuple[Any, ...]) -> tuple[str, str] | None:
        if event == "open":
            path, _, flags = arguments
            verb = "write" if isinstance(flags, int) and flags & WRITES else "read"
            if isinstance(path, str | bytes) and verb == "read" and self._may_read(path) and not self._leads_out(path):
                return None
            if self._lends(path):
                return None
            return "file", f"{verb} {os.fsdecode(path)}" if isinstance(path, str | bytes) else f"open {path}"
        if event in ("os.listdir", "os.scandir"):
            path = "." if arguments[0] is None else arguments[0]
            if isinstance(path, str | bytes) and self._may_read(path):
                return None
            return "file", f"{event} {path}"
        if event in HARMLESS or (event == "os.kill" and self._may_end(arguments[0])):
            return None
        what = self.events.get(event)
        if what is None and "." in event:
            what = self.beginnings.get(event[: event.index(".") + 1]) or self.beginnings.get(
                event[: event.rindex(".") + 1]
            )
        return None if what is None else (what, event)

    def _lends(self, file: Any) -> bool:
        """Whether a file is what a socket or another program needs: a descriptor of either, or what keeps nothing."""
        if isinstance(file, int):
            return (self.allowed["network"] or self.allowed["process"]) and file not in STANDARD_STREAMS
        return bool(self.allowed["process"]) and file == os.devnull

    def _may_end(self, process: int) -> bool:
        """Whether a process is a child of this one."""
        try:
            os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except OSError:
            return False
        return bool(self.allowed["process"])

    def _leads_out(self, path: str | bytes) -> bool:
        """Whether a path in the tree is a link out of it, to what is no module."""
        real = os.path.realpath(os.fsdecode(path))
        return not f"{real}/".startswith(self.readable) and not real.endswith(".py")

    def _may_read(self, path: str | bytes) -> bool:
        return f"{_plain(os.fsdecode(path))}/".startswith(self.readable)


def _plain(path: str) -> str:
    """The path from the root on, without detours, as text. Links are looked at where files are opened."""
    return os.path.abspath(path)  # noqa: PTH100
