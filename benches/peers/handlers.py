"""The Python handlers, ready to be called in this process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: The members of the driver's ends, by the first one. What else a failure says is not compared here.
ENDS = {
    "completed": ({"status": "completed"}, ("result", "metadata")),
    "permanent": ({"status": "failed", "kind": "permanent"}, ("code", "message", "retry_after", "context")),
    "retryable": ({"status": "failed", "kind": "retryable"}, ("code", "message", "retry_after", "context")),
    "crashed": ({"status": "crashed"}, ("class", "message", "trace")),
}


class Handlers:
    """Calls handlers with the clock and the randomness of their step input."""

    def __init__(self) -> None:
        sys.path.insert(0, str(ROOT / "harness" / "engine-python" / "runtime"))
        import parity_ambient
        import parity_streams

        self.streams = parity_streams.Streams()
        parity_ambient.install(self.streams)

        import parity_driver  # it and the handlers are imported under the ambient clock

        self.driver = parity_driver
        self.tree = parity_driver.Tree(str(ROOT / "handlers" / "python"))
        self.handlers = {identity: handler for identity, handler, _ in self.tree.load_identified()}

    def call(self, step_input: dict[str, Any]) -> dict[str, Any]:
        """The outcome of a step input."""
        self.streams.reset(step_input["ambient"])
        kind, *values = self.driver.call_input(self.tree, self.handlers[step_input["handler"]], step_input)
        head, names = ENDS[kind]
        return {**head, **dict(zip(names, values[: len(names)], strict=True))}
