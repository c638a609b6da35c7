"""What the handlers of an interpreter share and could change for one another: it is put back as it was, and told.

A *namespace* is the dict of a module, of a class, or of the environment. Whether one was touched is seen by its
version, which CPython changes with every write; whoever has no versions compares all of them. What cannot be seen that
cheaply is swept when another handler's turn comes.
"""

from __future__ import annotations

import _locale
import gc
import os
import sys
import types
from collections.abc import Callable
from types import ModuleType
from typing import Any

import parity_ambient
import parity_builtins
from parity_sweep import Sweep

parity_builtins.keep(globals())


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Modules of which every name counts. Of all others, names that are public and stand for what nobody sets again.
CORE = _words(
    "builtins collections datetime decimal functools hashlib itertools json json.decoder json.encoder json.scanner "
    "math operator os random string time"
)

#: Modules whose classes are watched, without exceptions.
WITH_CLASSES = _words(
    "_json builtins collections dataclasses datetime decimal enum fractions json.decoder json.encoder numbers pathlib "
    "random re statistics string uuid"
)

#: What names stand for that nobody sets again.
CONSTANT = (
    types.FunctionType,
    types.BuiltinFunctionType,
    ModuleType,
    type,
    int,
    float,
    complex,
    str,
    bytes,
    tuple,
    frozenset,
)

#: Constants of which an equal one is the same.
SCALARS = (int, float, complex, str, bytes, tuple)

#: What the interpreter itself notes in a class.
NOTED = _words("__abstractmethods__ __annotations__ __doc__ __parameters__ __static_attributes__ _instance")

MISSING: Any = object()


class Namespace:
    """A dict that is to stay as it is."""

    def __init__(self, label: str, members: dict[Any, Any], *, whole: bool = True) -> None:
        self.label = label
        self.members = members
        self.before = {name: value for name, value in members.items() if whole or _is_constant(name, value)}

    def undo(self) -> str | None:
        """Puts back what was changed, and tells the first name."""
        changed = None
        for name, value in self.before.items():
            now = self.members.get(name, MISSING)
            if now is value or (type(value) in SCALARS and type(now) is type(value) and now == value):
                continue
            self.put(name, value)
            changed = changed or name
        for name in self.additions():
            self.take(name)
            changed = changed or name
        return None if changed is None else self.describe(changed)

    def describe(self, name: Any) -> str:
        """What a change is called."""
        return f"another {self.label}.{name}"

    def additions(self) -> list[Any]:
        """New names that change what others see. In a module they do not."""
        return []

    def put(self, name: Any, value: Any) -> None:
        """Sets a member."""
        self.members[name] = value

    def take(self, name: Any) -> None:
        """Removes a member."""
        del self.members[name]


class Builtins(Namespace):
    """The names that every module sees, also new ones."""

    def additions(self) -> list[Any]:
        return [name for name in self.members if name not in self.before]


class Class(Namespace):
    """The members of a class: a new one may stand before an inherited one."""

    def __init__(self, cls: type, modified: Callable[[type], None]) -> None:
        (members,) = [each for each in gc.get_referents(cls.__dict__) if type(each) is dict]
        super().__init__(f"{cls.__module__}.{cls.__qualname__}", members)
        self.cls = cls
        self.modified = modified
        for name in NOTED:
            self.before.pop(name, None)

    def additions(self) -> list[Any]:
        return [name for name in self.members if name not in self.before and name not in NOTED]

    def put(self, name: Any, value: Any) -> None:
        if self.cls.__flags__ & IMMUTABLE:
            super().put(name, value)
            self.modified(self.cls)
        else:
            type.__setattr__(self.cls, name, value)

    def take(self, name: Any) -> None:
        if self.cls.__flags__ & IMMUTABLE:
            super().take(name)
            self.modified(self.cls)
        else:
            type.__delattr__(self.cls, name)


#: The flag of classes that Python code cannot change by the ordinary way.
IMMUTABLE = 1 << 8 if sys.version_info >= (3, 10) else 0


class Environment(Namespace):
    """The variables of the environment, of which the C library has its own copy."""

    def __init__(self) -> None:
        super().__init__("os.environ", os.environ._data)  # type: ignore[attr-defined]
        self.environ = os.environ
        self.decode = os.environ.decodevalue

    def describe(self, name: Any) -> str:
        return f"another os.environ {self.decode(name)}"

    def additions(self) -> list[Any]:
        return [name for name in self.members if name not in self.before]

    def put(self, name: Any, value: Any) -> None:
        self.environ[self.decode(name)] = self.decode(value)

    def take(self, name: Any) -> None:
        del self.environ[self.decode(name)]


class Clock(Namespace):
    """The module ``time``, whose constants are those of the time zone."""

    ZONE = ("altzone", "daylight", "timezone", "tzname")

    def describe(self, name: Any) -> str:
        return "another time zone" if name in self.ZONE else super().describe(name)

    def undo(self) -> str | None:
        changed = super().undo()
        if changed is not None:
            parity_ambient.real_tzset()
        return changed


class Doors:
    """Everything that is watched."""

    def __init__(self) -> None:
        #: Says that a built-in type's members changed. Until somebody starts the watch, nothing is watched.
        self.modified: Callable[[type], None] | None = None
        self.namespaces: list[Namespace] = []
        #: The modules that belong to no tree.
        self.modules: dict[str, ModuleType] = {}
        self.locale = locale_name()
        self.are_accepted = False
        self.swept = Sweep()

    def start(self, modified: Callable[[type], None]) -> None:
        """Takes what no file of a tree may change when it is imported."""
        self.modified = modified
        self.modules = dict(sys.modules)
        self.namespaces = [Builtins("builtins", vars(sys.modules["builtins"]))]

    def accept(self) -> None:
        """Takes everything as it is, once a tree is loaded: what its files have changed is how it is."""
        if self.modified is None:
            return
        self.namespaces = []
        # What puts things back is put back first. The environment comes before the clock, which is set by it.
        for name in sorted(self.modules, key=lambda name: (name == "time", name not in ("builtins", "os", "posix"))):
            if name == "time":
                self.namespaces.append(Environment())
            self._watch(name, self.modules[name])
        self.locale = locale_name()
        self.swept.take()
        self.are_accepted = True

    def add(self, name: str, module: ModuleType) -> None:
        """Takes a module that handlers share and that is new."""
        self.modules[name] = module
        if self.are_accepted:
            self._watch(name, module)

    def _watch(self, name: str, module: ModuleType) -> None:
        if self.modified is None or name.startswith("parity_") or not isinstance(module, ModuleType):
            return
        of_tasker = name.partition(".")[0] == "tasker_core"
        kind = {"builtins": Builtins, "time": Clock}.get(name, Namespace)
        self.namespaces.append(kind(name, vars(module), whole=of_tasker or name in CORE))
        if of_tasker or name in WITH_CLASSES:
            for member in list(vars(module).values()):
                is_own = isinstance(member, type) and member.__module__ == name
                if is_own and (of_tasker or not issubclass(member, BaseException)):
                    self.namespaces.append(Class(member, self.modified))

    def undo(self) -> str | None:
        """Puts back what was changed, and tells the first change."""
        if not self.are_accepted:
            return None
        changes = [namespace.undo() for namespace in self.namespaces]
        for name, module in self.modules.items():
            if sys.modules.get(name) is not module:
                sys.modules[name] = module
                changes.append(f"another module {name}")
        for name in sys.modules.keys() - self.modules.keys() & sys.stdlib_module_names:
            if getattr(getattr(sys.modules[name], "__spec__", None), "name", None) != name:
                del sys.modules[name]
                changes.append(f"another module {name}")
        if locale_name() != self.locale:
            _locale.setlocale(_locale.LC_ALL, self.locale)
            changes.append("another locale")
        return next((change for change in changes if change is not None), None)

    def undo_builtins(self) -> str | None:
        """The same for what every module sees."""
        builtins = next((each for each in self.namespaces if isinstance(each, Builtins)), None)
        return None if builtins is None else builtins.undo()

    def sweep(self) -> None:
        """Puts back what is not looked at after every call."""
        self.swept.put_back()

    def dicts(self) -> list[dict[Any, Any]]:
        """What is written to when something is changed."""
        return [sys.modules, *(namespace.members for namespace in self.namespaces)]


def _is_constant(name: str, value: Any) -> bool:
    return not name.startswith("_") and isinstance(value, CONSTANT) and type(value) is not bool


def locale_name() -> str:
    """The locale of the process."""
    return _locale.setlocale(_locale.LC_ALL, None)


#: The doors of this interpreter.
DOORS = Doors()
