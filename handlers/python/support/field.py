"""Reading untyped input: a JSON value that knows where it stands, so that a refusal can name its path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tasker_core import PermanentError, StepContext

from support.number import Number, by_value, is_safe, text_to_float
from support.outcome import invalid_input

SAFE_NUMBER = "a number within ±9007199254740991"
SAFE_NUMBERS = "numbers within ±9007199254740991"

# Unicode's whitespace; str.isspace() and \s also count the separators U+001C to U+001F.
WHITESPACE = re.compile(r"[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*")


@dataclass(frozen=True, slots=True)
class Field:
    """A value somewhere in a step's input. What is absent reads as None."""

    value: Any
    path: str

    @classmethod
    def input(cls, context: StepContext, name: str) -> Field:
        """A field of the task's input."""
        return cls(context.get_input(name), f"/context/{name}")

    @classmethod
    def dependency(cls, context: StepContext, step: str) -> Field:
        """The result of an ancestor step."""
        return cls(context.get_dependency_result(step), f"/dependencies/{step}")

    def get(self, name: str) -> Field:
        """The member ``name``; None when it is absent or this is no object."""
        return Field(self.value.get(name) if isinstance(self.value, dict) else None, f"{self.path}/{name}")

    def is_nil(self) -> bool:
        """Whether this is absent or null."""
        return self.value is None

    def is_truthy(self) -> bool:
        """Whether this is neither null nor false. Zero and everything empty are truthy."""
        return _is_truthy(self.value)

    def is_blank(self) -> bool:
        """Whether this says nothing: null, false, an empty list or object, a text of nothing but whitespace.

        No number does.
        """
        if isinstance(self.value, str):
            return WHITESPACE.fullmatch(self.value) is not None
        if isinstance(self.value, (list, dict)):
            return not self.value
        return not self.is_truthy()

    def contains(self, part: str) -> bool:
        """Whether this is a text with ``part`` somewhere in it."""
        return isinstance(self.value, str) and part in self.value

    def invalid(self, expected: str) -> PermanentError:
        """The error that this value is not ``expected``."""
        return invalid_input(self.path, expected)

    def object_if_truthy(self) -> Field:
        """Refuses a truthy value that is no object; null and false pass, to be dealt with where they are used."""
        return self.object() if self.is_truthy() else self

    def object_or_nil(self) -> Field:
        """Refuses what is neither null nor an object, false included."""
        return self if self.is_nil() else self.object()

    def is_object(self) -> bool:
        """Whether this is an object; null is not, and anything else is refused."""
        return not self.object_or_nil().is_nil()

    def object(self) -> Field:
        """Refuses what is no object."""
        if not isinstance(self.value, dict):
            raise self.invalid("an object")
        return self

    def has_any(self) -> bool:
        """Whether this holds something: a list with a truthy element or an object with a member.

        Null holds nothing, and any other value is refused.
        """
        if self.value is None:
            return False
        if isinstance(self.value, list):
            return any(_is_truthy(element) for element in self.value)
        if isinstance(self.value, dict):
            return bool(self.value)
        raise self.invalid("a list")

    def elements(self) -> list[Field]:
        """The elements of a list; anything else is refused."""
        if not isinstance(self.value, list):
            raise self.invalid("a list")
        return [Field(element, f"{self.path}/{index}") for index, element in enumerate(self.value)]

    def number(self) -> Number:
        """The number that this is, by its value; anything else, and a number beyond the safe integers, is refused."""
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float)):
            raise self.invalid("a number")
        if not is_safe(self.value):
            raise self.invalid(SAFE_NUMBER)
        return by_value(self.value)

    def to_float(self) -> float:
        """The float that this is or stands for: null is 0, a text is its longest numeric prefix."""
        if self.value is None:
            return 0.0
        if not isinstance(self.value, str):
            return float(self.number())
        number = text_to_float(self.value)
        if not is_safe(number):
            raise self.invalid(SAFE_NUMBER)
        return number

    def text(self) -> str:
        """The text that this is; anything else is refused."""
        if not isinstance(self.value, str):
            raise self.invalid("a text")
        return self.value

    def hand_on(self) -> Any:
        """The value, to be handed on as it is. Refused when a number in it lies beyond what every language keeps."""
        if not _holds_only_safe_numbers(self.value):
            raise self.invalid(SAFE_NUMBERS)
        return self.value


def _is_truthy(value: Any) -> bool:
    return value is not None and value is not False


def _holds_only_safe_numbers(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_holds_only_safe_numbers(member) for member in value.values())
    if isinstance(value, list):
        return all(_holds_only_safe_numbers(element) for element in value)
    return not isinstance(value, (int, float)) or is_safe(value)
