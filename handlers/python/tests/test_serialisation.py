"""What becomes of a handler's values on the way to Tasker is what pydantic itself makes of them."""

from __future__ import annotations

import datetime as dt
import json
import random
import runpy
import sys
import uuid
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import parity_json
import pytest
from pydantic import BaseModel

FIXTURES = Path(__file__).parents[3] / "fixtures/serialisation"
TABLE = json.loads((FIXTURES / "values.json").read_text(encoding="utf-8"))


class Document(BaseModel):
    """The member of Tasker's result that holds what a handler answers."""

    result: dict[str, Any]


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    sys.path.insert(0, str(FIXTURES / "python"))
    try:
        found: dict[str, Any] = runpy.run_path(str(FIXTURES / "python/values_handler.py"))["NAMES"]
    finally:
        sys.path.pop(0)
    return found


def by_us(value: Any) -> str | None:
    """The value as JSON text by our rules, if they take it."""
    try:
        return json.dumps(parity_json.plain({"value": value}))
    except parity_json.NotJson:
        return None


def by_pydantic(value: Any) -> str | None:
    """The same by pydantic, and by the JSON text and the 64 bits that come after it."""
    try:
        result = Document(result={"value": value}).model_dump(mode="json")["result"]
        json.dumps(result, ensure_ascii=False).encode()
    except Exception:
        return None
    return None if beyond_64_bits(result) else json.dumps(result)


def beyond_64_bits(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(beyond_64_bits, value.values()))
    if isinstance(value, list):
        return any(map(beyond_64_bits, value))
    return isinstance(value, int) and value not in parity_json.INTEGERS


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("row", TABLE, ids=[row["expression"] for row in TABLE])
def test_the_table_holds(row: dict[str, Any], names: dict[str, Any]) -> None:
    def make() -> Any:
        return eval(row["expression"], dict(names))

    expected = json.dumps({"value": row["json"]}) if "json" in row else None
    assert by_pydantic(make()) == expected
    assert by_us(make()) == expected
    if expected is None:
        with pytest.raises(parity_json.NotJson) as caught:
            parity_json.plain({"value": make()})
        assert (caught.value.pointer(), caught.value.what) == (row["path"], row["what"])


def scalars(draw: random.Random) -> list[Callable[[], Any]]:
    zone = dt.timezone(dt.timedelta(seconds=draw.randint(-86_000, 86_000)))
    since = dt.timedelta(seconds=draw.randint(-(10**10), 10**10), microseconds=draw.choice((0, 7)))
    moment = dt.datetime(2000, 1, 1) + since
    return [
        lambda: None,
        lambda: draw.random() < 0.5,
        lambda: draw.choice((0, -1, 2**53, 2**63, 2**64, -(2**63), 10**30)),
        lambda: draw.choice((0.0, -0.0, 1.5, 1e16, 1e-7, float("inf"), float("nan"), draw.uniform(-1e9, 1e9))),
        lambda: draw.choice(("", "a", "\u00e9", "\ud800", "true", "1", "None")),
        lambda: draw.choice((b"", b"\xc3\xa4", b"\xff")),
        lambda: Decimal(draw.randint(-(10**6), 10**6)).scaleb(draw.randint(-9, 9)),
        lambda: complex(draw.choice((0.0, -0.0, 1.0, -2.5e-9)), draw.choice((0.0, -0.0, 1e22, -3.25, float("nan")))),
        lambda: moment.replace(tzinfo=draw.choice((None, zone))),
        lambda: moment.date(),
        lambda: moment.time().replace(tzinfo=draw.choice((None, zone))),
        lambda: dt.timedelta(draw.randint(-999, 999), draw.randint(0, 86_399), draw.choice((0, 1, 500_000))),
        lambda: uuid.UUID(int=draw.getrandbits(128)),
        lambda: range(2),
    ]


def value(draw: random.Random, depth: int) -> Any:
    if depth == 0 or draw.random() < 0.3:
        return draw.choice(scalars(draw))()
    members = [value(draw, depth - 1) for _ in range(draw.randint(0, 3))]
    kind: Any = draw.choice((list, tuple, dict, dict, set))
    if kind is dict:
        keys = [draw.choice(scalars(draw))() for _ in members]
        return dict(zip(keys, members, strict=True))
    if kind is set:
        members = [member for member in members if member.__hash__ is not None and not isinstance(member, tuple)]
    return kind(members)


def test_generated_values_are_what_pydantic_makes_of_them() -> None:
    draw = random.Random(7)
    taken = 0
    for _ in range(10_000):
        drawn = value(draw, 3)
        expected = by_pydantic(drawn)
        assert by_us(drawn) == expected, repr(drawn)
        taken += expected is not None
    assert 1_000 < taken < 9_900
