"""Hypothesis over the Python handlers, which it calls itself, and the TypeScript handlers in a Node worker.

``python hypothesis_peer.py CASES EXAMPLES NODE_WORKER``. CASES holds ``{"input", "expected"}``, one a line. Prints
``{"cases", "seconds"}`` without the time to start.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

# Before the clock is the handlers'.
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from handlers import Handlers


class Worker:
    """A process that answers lines with lines."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdout.readline()

    def call(self, step_input: dict[str, Any]) -> dict[str, Any]:
        self.process.stdin.write(json.dumps(step_input).encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def main(file: str, examples: str, node_worker: str) -> None:
    with Path(file).open(encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    worker = Worker("node", node_worker)
    handlers = Handlers()
    count = 0

    @settings(
        max_examples=int(examples),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(cases))
    def agree(case: dict[str, Any]) -> None:
        nonlocal count
        count += 1
        step_input, expected = case["input"], case["expected"]
        assert handlers.call(step_input) == expected, step_input
        assert worker.call(step_input) == expected, step_input

    started = perf_counter()
    agree()
    print(json.dumps({"cases": count, "seconds": perf_counter() - started}))


if __name__ == "__main__":
    main(*sys.argv[1:])
