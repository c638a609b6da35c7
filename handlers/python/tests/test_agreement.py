"""The rules of comparison, each with what it lets pass and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.agreement import ABSENT, Difference, differences


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (2, 2.0),
        (0, -0.0),
        (1e15, 1_000_000_000_000_000),
        ([], []),
        (None, None),
        ("é", "é"),
    ],
)
def test_equal_values_agree(expected: Any, actual: Any) -> None:
    assert list(differences(expected, actual)) == []


@pytest.mark.parametrize(
    ("expected", "actual", "path"),
    [
        ({"a": None}, {}, "/a"),
        ({}, {"a": None}, "/a"),
        ([1, 2], [2, 2], "/0"),
        ([1], [1, 1], "/1"),
        ([1, 1], [1], "/1"),
        ({"a/b": {"~": 1}}, {"a/b": {"~": 2}}, "/a~1b/~0"),
        (1, "1", ""),
        (1, True, ""),
        (0, False, ""),
        (0, None, ""),
        ([], {}, ""),
        ("é", "e\u0301", ""),
        ("a", "A", ""),
        ((1 << 53) + 1, float(1 << 53), ""),
        ((1 << 64) - 1, float(1 << 64), ""),
        (0.1, 0.10000000000000002, ""),
    ],
)
def test_other_values_differ(expected: Any, actual: Any, path: str) -> None:
    assert [difference.path for difference in differences(expected, actual)] == [path]


def test_every_place_is_named_the_expected_ones_first() -> None:
    expected = {"total": 1, "items": [{"price": 1}, {"price": 2}], "gone": None}
    actual = {"new": 1, "items": [{"price": 2}, {"price": 2}], "total": 2}
    assert list(differences(expected, actual)) == [
        Difference("/total", 1, 2),
        Difference("/items/0/price", 1, 2),
        Difference("/gone", None, ABSENT),
        Difference("/new", ABSENT, 1),
    ]
