"""Models of what a step is given: typed views of a JSON object.

A member is read when a step asks for it. So an input with several faults is refused for the one that the step comes to
first, which is the same one in every language.
"""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from support.field import Field

M = TypeVar("M", bound="Model")


class Model:
    """An object in a step's input, or the lack of one. A model derived from this has a property for each member."""

    __slots__ = ("_json",)

    #: Where the object is in a step's input, as a JSON Pointer.
    path: ClassVar[str] = ""

    def __init__(self, json: Field) -> None:
        self._json = json

    @classmethod
    def from_json(cls: type[M], value: Any) -> M:
        """Reads an object or null; anything else is refused."""
        return cls(Field(value, cls.path).object_or_nil())

    @classmethod
    def from_optional(cls: type[M], value: Any) -> M:
        """Reads an object, null or false; false is refused as soon as a member is looked for."""
        return cls(Field(value, cls.path).object_if_truthy())

    @classmethod
    def from_any(cls: type[M], value: Any) -> M:
        """Takes any value; ``require_objects`` refuses what is no object."""
        return cls(Field(value, cls.path))

    @property
    def is_given(self) -> bool:
        """Whether there is an object: null and false are none."""
        return self._json.is_truthy()

    @property
    def is_object(self) -> bool:
        """Whether there is an object: null is none, and false is refused."""
        return self._json.is_object()

    def require_object(self) -> None:
        """Refuses what is no object, null included."""
        self._json.object()

    @property
    def size(self) -> int:
        """How many members the object has."""
        return len(self._json.object().value)

    def has(self, name: str) -> bool:
        """Whether there is a member ``name`` that is neither null nor false. Zero and everything empty count."""
        return self.is_object and self._json.get(name).is_truthy()

    def is_blank(self, name: str) -> bool:
        """Whether the member ``name`` says nothing; see ``Field.is_blank``."""
        return self.get(name).is_blank()

    def contains(self, name: str, part: str) -> bool:
        """Whether the member ``name`` is a text with ``part`` somewhere in it."""
        return self.get(name).contains(part)

    def get(self, name: str) -> Field:
        """The member ``name``, for the properties of a model to read."""
        return self._json.get(name)


def require_objects(*models: Model) -> None:
    """Refuses the first that is no object."""
    for model in models:
        model.require_object()
