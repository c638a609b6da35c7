"""The handlers of one tree, in a process of their own that is started again after one of them has broken it."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.json_values import read
from tests.observe import Observation

PYTHON = Path(__file__).resolve().parents[1]
RUNTIME = PYTHON.parents[1] / "harness" / "engine-python" / "runtime"

#: How many seconds a call may take, and a tree to load.
DEADLINE = 10.0


class TreeError(Exception):
    """A tree whose handlers can not be loaded."""


class Subject:
    """Calls handlers, on our implementation of Tasker's package or on the one that is installed."""

    def __init__(self, tree: Path, deadline: float = DEADLINE, package: str = "ours") -> None:
        if not tree.is_dir():
            raise TreeError(f"{tree} is no directory")
        self.tree = tree.resolve()
        self.deadline = deadline
        self.package = package
        self._worker: subprocess.Popen[bytes] | None = None
        self._unread = b""
        self.handlers = self._start()

    def _start(self) -> list[str]:
        command = [sys.executable, "-m", "tests.worker", str(RUNTIME), str(self.tree), self.package]
        self._unread = b""
        self._worker = subprocess.Popen(command, cwd=PYTHON, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            greeting = self._line(self._worker)
        except TimeoutError:
            self.close()
            raise TreeError(f"{self.tree} does not load within {self.deadline} seconds") from None
        if greeting is None or "error" in greeting:
            self.close()
            raise TreeError(f"{self.tree} ends the process" if greeting is None else greeting["error"])
        handlers: list[str] = greeting["handlers"]
        twice = sorted({identity for identity in handlers if handlers.count(identity) > 1})
        if twice or not handlers:
            self.close()
            raise TreeError(f"{self.tree} has {f'two handlers {twice[0]}' if twice else 'no file *_handler.py'}")
        return handlers

    def call(self, step_input: dict[str, Any]) -> Observation:
        """What a handler of the tree does with a step input."""
        if self._worker is None:
            self._start()
        worker = self._worker
        assert worker is not None and worker.stdin is not None
        try:
            worker.stdin.write(json.dumps(step_input).encode() + b"\n")
            worker.stdin.flush()
            answer = self._line(worker)
        except BrokenPipeError:
            answer = None
        except TimeoutError:
            self.close()
            return {"status": "timed_out"}
        if answer is None:
            self.close()
            return {"status": "exited"}
        return answer

    def _line(self, worker: subprocess.Popen[bytes]) -> dict[str, Any] | None:
        """The next line of the worker, ``None`` when it has ended."""
        assert worker.stdout is not None
        latest = time.monotonic() + self.deadline
        while b"\n" not in self._unread:
            ready, _, _ = select.select([worker.stdout], [], [], max(0.0, latest - time.monotonic()))
            if not ready:
                raise TimeoutError
            piece = os.read(worker.stdout.fileno(), 1 << 16)
            if not piece:
                return None
            self._unread += piece
        line, _, self._unread = self._unread.partition(b"\n")
        document: dict[str, Any] = read(line.decode())
        return document

    def close(self) -> None:
        """Ends the process."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
            worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                if pipe is not None:
                    pipe.close()
