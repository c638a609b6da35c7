"""What is said of a vector that a handler does not agree with."""

from __future__ import annotations

import json
from typing import Any

from tests.agreement import Absent, Difference, differences
from tests.observe import Observation
from tests.vectors import Vector

#: What two outcomes must share before it makes sense to compare the rest of them.
DECISION = ("status", "kind", "code")

MAX_DIFFERENCES = 20


def explain(vector: Vector, actual: Observation) -> str | None:
    """The whole report, ``None`` when the outcome agrees."""
    found = list(differences(vector.expected, actual))
    if not found:
        return None
    return "\n".join(
        [
            f"{vector.handler} does not agree with vector {vector.id}",
            f"  file   {vector.file}",
            f"  note   {vector.note}",
            f"  flags  {', '.join(vector.flags)}",
            "",
            *_what_differs(vector.expected, actual, found),
            "",
            "step input:",
            *_indented(vector.step_input),
            "",
            f"replay it alone: pytest -k {vector.id}",
        ]
    )


def _what_differs(expected: dict[str, Any], actual: Observation, found: list[Difference]) -> list[str]:
    if any(difference.path == f"/{name}" for difference in found for name in DECISION):
        return [
            f"the decision differs: expected {_decision(expected)}, actual {_decision(actual)}",
            *_indented(expected, "  - "),
            *_indented(actual, "  + "),
        ]
    lines = [f"{len(found)} {'place differs' if len(found) == 1 else 'places differ'} (- expected, + actual):"]
    for difference in found[:MAX_DIFFERENCES]:
        lines += [f"  {difference.path}", f"    - {_short(difference.expected)}", f"    + {_short(difference.actual)}"]
    more = len(found) - MAX_DIFFERENCES
    return [*lines, f"  … and {more} more"] if more > 0 else lines


def _decision(outcome: Observation) -> str:
    status: str = outcome["status"]
    if status == "failed":
        return f"failed, {outcome['kind']}, code {outcome['code']}"
    if status == "crashed":
        return f"crashed, {outcome['class']}: {outcome['message']}"
    if status == "unserialisable":
        return f"{outcome['what']} at {outcome['path']}, which is not JSON"
    return status


def _short(value: Any) -> str:
    return repr(value) if isinstance(value, Absent) else json.dumps(value, ensure_ascii=False)


def _indented(document: dict[str, Any], start: str = "  ") -> list[str]:
    return [start + line for line in json.dumps(document, indent=2, ensure_ascii=False).splitlines()]
