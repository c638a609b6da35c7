"""What is not JSON is seen, never written as something else."""

from __future__ import annotations

import math
from collections import OrderedDict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.json_values import MAX_DEPTH, NotJsonError, plain, read
from tests.observe import observation


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "path", "what"),
    [
        ({"a/b": {"~": len}}, "/result/a~1b/~0", "a builtin_function_or_method"),
        (object(), "/result", "an object"),
        ([range(2)], "/result/0", "a range"),
        ({frozenset(): 2}, "/result", "a dict with a frozenset as a key"),
        ({"\ud800": 1}, "/result", "a dict with a lone surrogate in a key"),
        ("\udfff", "/result", "a lone surrogate"),
        (1 << 64, "/result", "an integer beyond 64 bits"),
        (-(1 << 63) - 1, "/result", "an integer beyond 64 bits"),
        (nested(MAX_DEPTH + 1), "/result" + "/0" * MAX_DEPTH, f"nesting deeper than {MAX_DEPTH}"),
    ],
)
def test_what_is_not_json_is_named_with_its_place(value: Any, path: str, what: str) -> None:
    with pytest.raises(NotJsonError) as caught:
        plain(value, "/result")
    assert (caught.value.path, caught.value.what) == (path, what)


def test_a_document_that_grows_without_end_is_refused() -> None:
    value: Any = {}
    for _ in range(100):
        value = {"left": value, "right": value}
    with pytest.raises(NotJsonError, match="more than 1000000 values"):
        plain(value, "/result")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((1, (2,)), [1, [2]]),
        (OrderedDict(a=None), {"a": None}),
        ({"a": [0, math.nan, -math.inf]}, {"a": [0, None, None]}),
        ({1: Decimal("1.50")}, {"1": "1.50"}),
        ({date(2026, 1, 15)}, ["2026-01-15"]),
        ([True, 1, 1.0, -0.0, "é"], [True, 1, 1.0, -0.0, "é"]),
        ((1 << 64) - 1, (1 << 64) - 1),
        (nested(MAX_DEPTH), nested(MAX_DEPTH)),
    ],
)
def test_what_the_worker_sends_is_taken(value: Any, expected: Any) -> None:
    read_back = plain(value, "")
    assert read_back == expected
    assert repr(read_back) == repr(expected)


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": 1, "a": 2}', "{'a': 1}", ""])
def test_what_is_no_json_text_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|twice|Expecting"):
        read(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-0", -0.0),
        ("18446744073709551615", (1 << 64) - 1),
        ("18446744073709551616", float(1 << 64)),
        ("-9223372036854775809", float(-(1 << 63))),
        ("1e2", 100.0),
    ],
)
def test_numbers_are_read_as_the_engines_read_them(text: str, value: float) -> None:
    assert repr(read(text)) == repr(value)


@pytest.mark.parametrize(
    ("end", "path"),
    [
        (("completed", {}, {"a": len}), "/metadata/a"),
        (("permanent", 1, "message", None, {}), "/code"),
        (("permanent", "CODE", None, None, {}), "/message"),
        (("retryable", None, "message", True, {}), "/retry_after"),
        (("retryable", None, "message", 30, []), "/context"),
    ],
)
def test_members_of_the_wrong_kind_are_no_outcome(end: tuple[Any, ...], path: str) -> None:
    observed = observation(end)
    assert (observed["status"], observed["path"]) == ("unserialisable", path)
