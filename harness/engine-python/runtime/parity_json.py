"""What a handler answered as JSON: what Tasker's worker makes of it, which is what pydantic's JSON mode does.

``unfold`` knows the types. It goes one step, so that both engines walk through a value in their own way: ``plain``
here, and Rust in the embedded interpreter.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from enum import EnumMeta
from types import MappingProxyType
from typing import Any

import parity_builtins

parity_builtins.keep(globals())

#: A document may nest this deep: what is around it must fit into what JSON parsers take.
MAX_DEPTH = 100

#: Shared members make a small object a document without end.
MAX_VALUES = 1_000_000

INTEGERS = range(-(1 << 63), 1 << 64)

#: What is JSON as it stands, or a container of it.
PLAIN = (dict, list, str, int, float, bool, type(None))

#: What a value is that holds itself. It is told where that value stands: on which way it comes back may be data.
CYCLE = "a cycle"


class NotJson(Exception):
    """What stands where no JSON value stands, and the names on the way there, innermost first."""

    def __init__(self, what: str, levels: int = 0) -> None:
        """``levels`` is how far up the place is from where it was seen: a cycle is told where it begins."""
        super().__init__(what)
        self.what = what
        self.levels = levels
        self.path: list[str] = []

    def is_below(self, name: str) -> None:
        """Notes that the value is the member ``name`` of another one."""
        if self.levels:
            self.levels -= 1
        else:
            self.path.append(name)

    def pointer(self) -> str:
        """The place as a JSON Pointer."""
        return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in reversed(self.path))


def plain(value: Any, max_depth: int = MAX_DEPTH) -> Any:
    """The value out of lists, dicts and plain scalars."""
    return _Reader(max_depth).read(value)


class _Reader:
    def __init__(self, max_depth: int) -> None:
        self.max_depth = max_depth
        self.values = 0
        #: The containers around the value.
        self.around: list[Any] = []

    def read(self, value: Any) -> Any:
        self.values += 1
        if self.values > MAX_VALUES:
            raise NotJson(f"more than {MAX_VALUES} values")
        kind = type(value)
        if kind is str:
            return _encodable(value, "a lone surrogate")
        if value is None or kind is bool:
            return value
        if kind is float:
            return value if -_INFINITY < value < _INFINITY else None
        if kind is int:
            if value not in INTEGERS:
                raise NotJson("an integer beyond 64 bits")
            return value
        if kind is dict or kind is list:
            return self._container(value, value)
        unfolded = unfold(value)
        return self._container(value, unfolded) if type(unfolded) in (dict, list) else self.read(unfolded)

    def _container(self, value: Any, members: dict[Any, Any] | list[Any]) -> Any:
        """A container, or what a value was unfolded to."""
        for index, container in enumerate(self.around):
            if value is container:
                raise NotJson(CYCLE, len(self.around) - index)
        if len(self.around) == self.max_depth:
            raise NotJson(f"nesting deeper than {self.max_depth}")
        self.around.append(value)
        try:
            if isinstance(members, dict):
                pairs = ((key_text(key), member) for key, member in members.items())
                return {name: self._below(name, member) for name, member in pairs}
            return [self._below(str(index), element) for index, element in enumerate(members)]
        finally:
            self.around.pop()

    def _below(self, name: str, value: Any) -> Any:
        try:
            return self.read(value)
        except NotJson as error:
            error.is_below(name)
            raise


_INFINITY = float("inf")


def unfold(value: Any) -> Any:
    """What pydantic makes of a value that is not plain: a plain scalar, or a list or dict of anything."""
    try:
        return _unfold(value)
    except (NotJson, MemoryError):
        raise
    except Exception as error:
        raise NotJson(f"{noun(value)} that raises {type(error).__name__}") from None


def _unfold(value: Any) -> Any:
    cls = type(value)
    if cls in PLAIN:
        return value
    convert = KNOWN.get(_name(cls))
    if convert is not None:
        return convert(value)
    if not isinstance(value, type):
        if hasattr(value, "__pydantic_serializer__"):
            return value.__pydantic_serializer__.to_python(value, mode="json")
        if hasattr(value, "__dataclass_fields__"):
            return {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
    if isinstance(cls, EnumMeta):
        return _unfold(value.value)
    if hasattr(cls, "__next__"):
        return list(value)
    for base in cls.__mro__[1:]:
        convert = KNOWN.get(_name(base))
        if convert is not None:
            return convert(value)
    raise NotJson(noun(value))


def key_text(key: Any) -> str:
    """What pydantic makes of a key."""
    if type(key) is str:
        return _encodable(key, "a dict with a lone surrogate in a key")
    try:
        return _encodable(_key(key), "a dict with a lone surrogate in a key")
    except (NotJson, MemoryError):
        raise
    except Exception as error:
        raise NotJson(f"a dict with {noun(key)} as a key, which raises {type(error).__name__}") from None


def _key(key: Any) -> str:
    if isinstance(key, str) and not isinstance(type(key), EnumMeta):
        return str.__str__(key)
    if key is None:
        return "None"
    if isinstance(key, bool):
        return "true" if key else "false"
    if not isinstance(key, type):
        if hasattr(key, "__pydantic_serializer__") or hasattr(key, "__dataclass_fields__"):
            return str(key)
        if isinstance(type(key), EnumMeta):
            return _key(key.value)
    if isinstance(key, float):
        return str(key) if -_INFINITY < key < _INFINITY else "None"
    if isinstance(key, int):
        return str(key)
    if isinstance(key, tuple):
        return ",".join([_key(element) for element in key])
    if isinstance(key, frozenset) or hasattr(type(key), "__next__"):
        raise NotJson(f"a dict with {noun(key)} as a key")
    try:
        text = _unfold(key)
    except NotJson:
        text = None
    if not isinstance(text, str):
        raise NotJson(f"a dict with {noun(key)} as a key")
    return text


def _encodable(text: str, what: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotJson(what) from None
    return text


def _text_of(value: Any) -> str:
    try:
        return str(value)
    except Exception:
        return f"<unprintable {type(value).__name__} object>"


def _utf8(value: bytes | bytearray) -> str:
    try:
        return bytes(value).decode()
    except UnicodeDecodeError:
        raise NotJson(f"{noun(value)} that is not UTF-8") from None


def _offset(value: Any) -> str:
    """The offset from UTC of a datetime or time, to the minute. Nothing where there is none."""
    offset = value.utcoffset()
    if offset is None:
        return ""
    seconds = offset.days * 86_400 + offset.seconds + (offset.microseconds >= 500_000)
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}" if seconds else "Z"


def _date(value: Any) -> str:
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def _time(value: Any) -> str:
    fraction = f".{value.microsecond:06}" if value.microsecond else ""
    return f"{value.hour:02}:{value.minute:02}:{value.second:02}{fraction}{_offset(value)}"


def _duration(value: Any) -> str:
    """A duration as ISO 8601 has it, with years of 365 days."""
    sign, value = ("-", -value) if value.days < 0 else ("", value)
    years, days = divmod(value.days, 365)
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{value.microseconds:06}".rstrip("0") if value.microseconds else ""
    date = (f"{years}Y" if years else "") + (f"{days}D" if days else "")
    time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    time += f"{seconds}{fraction}S" if seconds or fraction else ""
    return f"{sign}P{date}{f'T{time}' if time else ''}" if date or time else "PT0S"


def _complex(value: complex) -> str:
    imaginary = f"{_decimal_places(value.imag)}j"
    if value.real == 0:
        return imaginary
    return f"{_decimal_places(value.real)}{'' if imaginary[0] == '-' else '+'}{imaginary}"


def _decimal_places(value: float) -> str:
    """The shortest text of a float without an exponent, as Rust writes it."""
    text = repr(value)
    if text == "nan":
        return "NaN"
    digits, _, exponent = text.partition("e")
    sign, digits = ("-", digits[1:]) if digits[0] == "-" else ("", digits)
    whole, _, fraction = digits.partition(".")
    shift = int(exponent or 0)
    fraction = "" if fraction == "0" else fraction
    if shift >= 0:
        fraction = fraction.ljust(shift, "0")
        whole, fraction = whole + fraction[:shift], fraction[shift:]
    else:
        whole, fraction = "0", "0" * (-shift - 1) + whole + fraction
    return f"{sign}{whole}{f'.{fraction}' if fraction else ''}"


def _name(cls: type) -> tuple[str, str]:
    """What a class is called if it is what its module says it is."""
    module, name = str(getattr(cls, "__module__", "")), cls.__qualname__
    is_known = getattr(sys.modules.get(module), name, None) is cls
    return (module, name) if is_known else ("", name)


IP_ADDRESSES = [f"IPv{version}{kind}" for version in (4, 6) for kind in ("Address", "Network", "Interface")]

#: What becomes of the types that pydantic knows, by module and name: no module is loaded for the table's sake.
KNOWN: MappingProxyType[tuple[str, str], Callable[[Any], Any]] = MappingProxyType(
    {
        ("builtins", "str"): str.__str__,
        ("builtins", "int"): int.__int__,
        ("builtins", "float"): float.__float__,
        ("builtins", "dict"): lambda value: dict(dict.items(value)),
        ("builtins", "list"): lambda value: list(list.__iter__(value)),
        ("builtins", "tuple"): lambda value: list(tuple.__iter__(value)),
        ("builtins", "set"): lambda value: list(set.__iter__(value)),
        ("builtins", "frozenset"): lambda value: list(frozenset.__iter__(value)),
        ("builtins", "bytes"): _utf8,
        ("builtins", "bytearray"): _utf8,
        ("builtins", "complex"): _complex,
        ("collections", "deque"): list,
        ("datetime", "datetime"): lambda value: f"{_date(value)}T{_time(value)}",
        ("datetime", "date"): _date,
        ("datetime", "time"): _time,
        ("datetime", "timedelta"): _duration,
        ("decimal", "Decimal"): _text_of,
        ("fractions", "Fraction"): _text_of,
        ("pathlib", "Path"): _text_of,
        ("pathlib._local", "Path"): _text_of,
        ("re", "Pattern"): lambda value: str(value.pattern),
        ("uuid", "UUID"): _text_of,
        **{("ipaddress", name): _text_of for name in IP_ADDRESSES},
    }
)


def noun(value: Any) -> str:
    """What a value is, with its article: ``a range``, ``an object``."""
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in tuple('aeiou') else 'a'} {name}"
