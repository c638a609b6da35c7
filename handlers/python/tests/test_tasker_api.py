"""Tasker's API for handlers answers as a table says, in our implementation of it and in the one that is installed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.subject import Subject

FIXTURES = Path(__file__).parents[3] / "fixtures/tasker_api"
TABLE = json.loads((FIXTURES / "calls.json").read_text(encoding="utf-8"))
AMBIENT = {
    "now": "2026-01-15T09:30:00.000Z",
    "entropy": "0" * 16,
    "task_uuid": "00000000-0000-4000-8000-000000000001",
    "step_uuid": "00000000-0000-4000-8000-000000000002",
}


@pytest.fixture(scope="module")
def api(request: pytest.FixtureRequest) -> Iterator[Subject]:
    subject = Subject(FIXTURES / "python", package=request.config.getoption("--tasker"))
    yield subject
    subject.close()


@pytest.mark.parametrize("row", TABLE["rows"], ids=[row["expression"] for row in TABLE["rows"]])
def test_the_table_holds(row: dict[str, Any], api: Subject) -> None:
    given = {name: row[name] for name in ("step_inputs", "checkpoint") if name in row}
    step_input = {
        "handler": "api/evaluates",
        "context": {"expression": row["expression"], "colour": "red"},
        "dependencies": TABLE["dependencies"],
        "step_config": row.get("step_config", {}),
        "attempt": 1,
        "max_attempts": 2,
        "ambient": AMBIENT,
        **given,
    }
    end = api.call(step_input)
    assert ({"crashed": end["class"]} if end["status"] == "crashed" else end) == row["end"]
