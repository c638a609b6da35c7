"""A worker of the engine ``python-process``: answers requests on standard input, one JSON document a line.

``docs/protocol.md`` tells what is said. Standard output belongs to the protocol; what handlers print goes to
standard error.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

PROTOCOL = 1
OLDEST = (3, 10)

#: Bytes that the process may take beyond what it has before its handlers are loaded.
MEMORY_LIMIT = 256 << 20


class Worker:
    """The conversation with the harness."""

    def __init__(self, requests: BinaryIO, replies: BinaryIO) -> None:
        self.requests = requests
        self.replies = replies

    def receive(self) -> dict[str, Any] | None:
        """The next request, if there is one."""
        line = self.requests.readline()
        request = json.loads(line) if line else {"type": "bye"}
        return None if request["type"] == "bye" else request

    def say(self, reply: dict[str, Any]) -> None:
        """Sends a reply."""
        self.replies.write(json.dumps(reply, allow_nan=False).encode() + b"\n")
        self.replies.flush()


def main() -> None:
    """Greets the harness, loads the tree, and answers until there are no more requests."""
    worker = Worker(*_own_streams())
    hello = worker.receive()
    if hello is None:
        return
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        message = f"{sys.executable} is Python {version}; name one of at least {oldest}"
        worker.say({"type": "refused", "message": message})
        return
    # Not before the version is known to do.
    import parity_call  # noqa: PLC0415

    _limit_memory()
    files = json.loads(Path(__file__).with_name("tree_files.json").read_text(encoding="utf-8"))
    calls = parity_call.Calls(hello["tree"], files)
    worker.say({"type": "found", "found": calls.found(), "not_loaded": calls.not_loaded})
    assigned = worker.receive()
    if assigned is None:
        return
    calls.assign(assigned["handlers"])
    runtime = f"{sys.implementation.name} {version}"
    worker.say({"type": "hello", "protocol": PROTOCOL, "engine": runtime, "handlers": sorted(calls.places)})
    while (request := worker.receive()) is not None:
        handler, number = request["input"]["handler"], request["id"]
        if calls.is_new(handler):
            # Which takes time that is not the handler's.
            worker.say({"type": "loading", "id": number})
            problem = calls.load(handler)
            worker.say({"type": "loaded", "id": number})
            if problem is not None:
                worker.say({"type": "fault", "message": problem, "id": number})
                continue
        worker.say({**calls.answer(request["input"]), "id": number})


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keeps standard input and output for the protocol; what else is written there goes to standard error."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.__stdout__ = sys.stderr  # type: ignore[assignment,misc]
    return requests, replies


def _limit_memory() -> None:
    import resource  # noqa: PLC0415

    taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY_LIMIT, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
