"""Planted wrong outcomes are reported, in words that a reader can act on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.explain import MAX_DIFFERENCES, explain
from tests.samples import completed, failed, vector


def test_the_expected_outcome_is_not_reported() -> None:
    assert explain(vector(completed({"a": [1]})), completed({"a": [1.0]})) is None


def test_a_report_names_vector_note_flags_places_and_values() -> None:
    report = explain(vector(completed({"total": 15.0, "name": "é"})), completed({"total": 14.99, "name": "é"}))
    assert report is not None
    for part in (
        "miniature/handler does not agree with vector handler-000000000000",
        "file   a file",
        "note   a note",
        "flags  boundary, completed",
        "1 place differs (- expected, + actual):\n  /result/total\n    - 15.0\n    + 14.99",
        '"handler": "miniature/handler"',
        "pytest -k handler-000000000000",
    ):
        assert part in report


def test_a_member_that_is_not_there_is_not_null() -> None:
    report = explain(vector(completed({"a": None})), completed({}))
    assert report is not None and "/result/a\n    - null\n    + (absent)" in report


@pytest.mark.parametrize(
    ("actual", "decision"),
    [
        (completed({}), "completed"),
        (failed(kind="retryable", code=None), "failed, retryable, code None"),
        (failed(code="OTHER"), "failed, permanent, code OTHER"),
        ({"status": "crashed", "class": "KeyError", "message": "'a'", "trace": ""}, "crashed, KeyError: 'a'"),
        ({"status": "unserialisable", "path": "/result/a", "what": "NaN"}, "NaN at /result/a, which is not JSON"),
        ({"status": "timed_out"}, "timed_out"),
        ({"status": "exited"}, "exited"),
    ],
)
def test_another_decision_is_reported_as_such_with_both_outcomes(actual: dict[str, Any], decision: str) -> None:
    report = explain(vector(failed()), actual)
    assert report is not None
    assert f"expected failed, permanent, code NO, actual {decision}\n" in report
    assert '  -   "message": "no"' in report
    assert f'  +   "status": "{actual["status"]}"' in report


@pytest.mark.parametrize(
    ("member", "value"), [("retry_after", 30), ("message", "another"), ("context", {"path": "/context/a"})]
)
def test_every_member_of_a_failure_counts(member: str, value: Any) -> None:
    report = explain(vector(failed()), failed(**{member: value}))
    assert report is not None and f"1 place differs (- expected, + actual):\n  /{member}" in report


def test_the_metadata_counts() -> None:
    report = explain(vector(completed({})), {**completed({}), "metadata": {"a": 1}})
    assert report is not None and "/metadata/a" in report


def test_a_long_report_ends() -> None:
    report = explain(vector(completed(list(range(100)))), completed([]))
    assert report is not None
    assert f"… and {100 - MAX_DIFFERENCES} more" in report
    assert f"/result/{MAX_DIFFERENCES - 1}\n" in report
    assert f"/result/{MAX_DIFFERENCES}\n" not in report
