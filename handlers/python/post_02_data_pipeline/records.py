"""The records that an extract hands to its transform and the figures made of them.

How they are read, grouped and divided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from tasker_core import StepContext

from support import Field, Number, is_safe, number_text, permanent

R = TypeVar("R")


def extracted_records(context: StepContext, extract: str, subject: str) -> list[Field]:
    """The records in the result of ``extract``, every one an object.

    All are opened before a value of the first is read.
    """
    extracted = Field.dependency(context, extract).object_if_truthy()
    if not extracted.is_truthy():
        raise permanent("MISSING_EXTRACT_RESULTS", f"{subject} extraction results are missing")
    return [record.object() for record in extracted.get("records").elements()]


def group_key(key: Field) -> str:
    """What a record is grouped by, as the text that names its group: that of a missing key is empty."""
    match key.value:
        case None:
            return ""
        case bool():
            return "true" if key.value else "false"
        case int() | float():
            return number_text(key.number())
        case _:
            return key.text()


def number_or_zero(field: Field) -> Number:
    """A number; missing, null and false count as 0."""
    return field.number() if field.is_truthy() else 0


def group_by(records: Iterable[R], key: Callable[[R], str]) -> dict[str, list[R]]:
    """The groups of records with the same key, in the order in which the keys first occur."""
    groups: dict[str, list[R]] = {}
    for record in records:
        groups.setdefault(key(record), []).append(record)
    return groups


def average(total: Number, count: int) -> float:
    """The mean of ``count`` numbers that sum up to ``total``; of no numbers it is 0."""
    return total / count if count else 0.0


def quotient(total: Number, divisor: Field) -> float:
    """``total`` divided by a number that is not 0.

    A divisor so small that the quotient leaves the safe numbers is invalid.
    """
    result = total / divisor.number()
    if not is_safe(result):
        raise divisor.invalid("a larger number")
    return result
