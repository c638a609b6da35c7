"""What pydantic makes of the members of a document, as far as handlers can see it: of their type, or an error."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any


class ValidationError(ValueError):
    """A member is not of its type."""

    def __init__(self, place: str, expected: str) -> None:
        model, _, member = place.partition(".")
        super().__init__(f"1 validation error for {model}\n{member}\n  Input should be a valid {expected}")


def document(place: str, value: Any) -> dict[str, Any]:
    """A dict with texts as keys. Below them anything goes."""
    if type(value) is dict:
        for key in value:
            if type(key) is not str:
                break
        else:
            return value
    if not isinstance(value, Mapping):
        raise ValidationError(place, "dictionary")
    return {text(f"{place}.{key}.[key]", key): value[key] for key in value}


def text(place: str, value: Any) -> str:
    """A text, also as UTF-8."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bytes | bytearray):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            pass
    raise ValidationError(place, "string")


def integer(place: str, value: Any) -> int:
    """A whole number, also written otherwise."""
    if isinstance(value, int):
        return int(value)
    try:
        number = Decimal(value.strip()) if isinstance(value, str) else value
        if isinstance(number, float | Decimal) and number == int(number):
            return int(number)
    except (ArithmeticError, ValueError):
        pass
    raise ValidationError(place, "integer")


_BOOLEANS = dict.fromkeys((0, "0", "off", "f", "false", "n", "no"), False) | dict.fromkeys(
    (1, "1", "on", "t", "true", "y", "yes"), True
)


def boolean(place: str, value: Any) -> bool:
    """A truth value, also written otherwise."""
    known = value.lower() if isinstance(value, str) else value
    if isinstance(known, str | int | float) and known in _BOOLEANS:
        return _BOOLEANS[known]
    raise ValidationError(place, "boolean")


def _list(check: Callable[[str, Any], Any]) -> Callable[[str, Any], list[Any]]:
    def checked(place: str, value: Any) -> list[Any]:
        if not isinstance(value, Iterable) or isinstance(value, str | bytes | bytearray | Mapping):
            raise ValidationError(place, "list")
        return [check(f"{place}.{index}", element) for index, element in enumerate(value)]

    return checked


#: What is checked of a member, by its annotation.
CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "Any": lambda _, value: value,
    "bool": boolean,
    "dict[str, Any]": document,
    "float": lambda _, value: value,
    "int": integer,
    "list[dict[str, Any]]": _list(document),
    "list[str]": _list(text),
    "str": text,
}


def _check(home: str, annotation: str) -> Callable[[str, Any], Any]:
    if annotation in CHECKS:
        return CHECKS[annotation]
    if annotation.startswith("list["):
        return _list(_check(home, annotation[5:-1]))
    kind: Any = getattr(sys.modules[home], annotation)

    def checked(place: str, value: Any) -> Any:
        if isinstance(value, kind):
            return value
        try:
            return kind(value) if issubclass(kind, Enum) else kind(**document(place, value))
        except ValidationError:
            raise
        except (TypeError, ValueError):
            raise ValidationError(place, kind.__name__) from None

    return checked


class Model:
    """A dataclass whose members are checked when it is made. Members that it does not have are left out."""

    def __init__(self, **members: Any) -> None:
        own = type(self)
        for member in dataclasses.fields(self):  # type: ignore[arg-type]
            name = member.name
            if name in members:
                annotation, _, none = str(member.type).partition(" | ")
                value = members[name]
                if not none or value is not None:
                    value = _check(own.__module__, annotation)(f"{own.__name__}.{name}", value)
                setattr(self, name, value)
            elif member.default_factory is not dataclasses.MISSING:
                setattr(self, name, member.default_factory())
            elif member.default is not dataclasses.MISSING:
                setattr(self, name, member.default)
            else:
                raise ValidationError(f"{own.__name__}.{name}", "value, and it is missing")

    @classmethod
    def model_validate(cls, obj: Any) -> Any:
        """Makes one of a dict."""
        return obj if isinstance(obj, cls) else cls(**document(cls.__name__, obj))

    def model_dump(self, *, mode: str = "python") -> dict[str, Any]:
        """The members as a dict."""
        return {name: _dumped(value, mode) for name, value in vars(self).items()}


def _dumped(value: Any, mode: str) -> Any:
    if isinstance(value, Model):
        return value.model_dump(mode=mode)
    if isinstance(value, list):
        return [_dumped(element, mode) for element in value]
    if isinstance(value, dict):
        return {key: _dumped(member, mode) for key, member in value.items()}
    return value.value if mode == "json" and isinstance(value, Enum) else value
