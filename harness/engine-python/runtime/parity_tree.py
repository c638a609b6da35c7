"""The files of one tree of handlers: imports them, and finds the handlers in them."""

from __future__ import annotations

import importlib
import inspect
import linecache
import os
import re
import sys
import traceback
from collections.abc import Container, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from os import PathLike
from types import ModuleType, TracebackType
from typing import Any, ClassVar

from parity_imports import Places
from tasker_core import HandlerRegistry, StepHandler

SUFFIX = "_handler.py"
SKIPPED = {"__pycache__", "node_modules"}

#: What a handler declares, the class's name, its file, its line, whether others extend it, and the class.
Sighting = tuple[list[str], str, str, int | None, bool, type[StepHandler]]


class BadFile(Exception):
    """A file that cannot be loaded: its name below the tree, the line if one is known, and what is wrong."""


class Tree:
    """The handlers below one directory, and the modules that belong to them."""

    active: Tree | None = None
    #: The import path without a tree's own directories.
    others: ClassVar[list[str]] = []

    def __init__(self, root: str | PathLike[str], files: list[str] | None = None) -> None:
        """``files`` are those to import; without them, those named ``*_handler.py``."""
        self.root = f"{root}/"
        self.places = Places(str(root))
        self.modules: dict[str, ModuleType] = {}
        self.path: list[str] | None = None
        self.registry = HandlerRegistry()
        self.files = sorted(self._files()) if files is None else files

    def _files(self) -> Iterator[str]:
        for folder, folders, files in os.walk(self.root):
            folders[:] = sorted(name for name in folders if name not in SKIPPED and not name.startswith("."))
            for name in files:
                if name.endswith(SUFFIX):
                    yield f"{folder.removesuffix(os.sep)}/{name}"[len(self.root) :]

    def activate(self) -> None:
        """Makes this tree the one whose modules are imported, also by an import inside a handler."""
        if Tree.active is self:
            return
        if Tree.active is not None:
            Tree.active._deactivate()
        Tree.active = self
        if self.path is None:
            self.path = [*self.places.directories, *sys.path]
            importlib.invalidate_caches()
        Tree.others, sys.path[:] = list(sys.path), self.path
        sys.meta_path.insert(0, self.places)
        HandlerRegistry._instance = self.registry
        sys.modules.update(self.modules)

    def _deactivate(self) -> None:
        self.path, sys.path[:] = list(sys.path), Tree.others
        sys.meta_path.remove(self.places)
        self.modules = {name: module for name, module in sys.modules.items() if self._owns(module)}
        for name in self.modules:
            del sys.modules[name]

    def _owns(self, module: ModuleType) -> bool:
        places = [getattr(module, "__file__", None), *(getattr(module, "__path__", None) or ())]
        return any(isinstance(place, str) and f"{place}/".startswith(self.root) for place in places)

    def load(self, file: str) -> None:
        """Imports a file."""
        self.activate()
        try:
            self._import(file)
        except SyntaxError as error:
            place = error.filename or ""
            place = place.removeprefix(self.root) if place.startswith(self.root) else file
            raise BadFile(place, error.lineno, f"{type(error).__name__}: {error.msg}") from error
        except BaseException as error:
            place, line = self._innermost(error.__traceback__) or (file, None)
            raise BadFile(place, line, f"{type(error).__name__}: {error}{_advice(error, self.places)}") from error

    def _import(self, file: str) -> None:
        name = self.places.module(file)
        place = f"{self.root}{file}"
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            # Unless that is no name of a module: validate-cart.py, validate_cart.handler.py.
            if not error.name or not f"{name}.".startswith(f"{error.name}."):
                raise
        else:
            if getattr(module, "__file__", None) == place:
                return
        # Or one that is taken: types.py.
        name = f"tree_file_{re.sub(r'[^a-zA-Z0-9]', '_', file)}"
        spec = spec_from_file_location(name, place)
        if spec is None or spec.loader is None:
            raise ImportError(f"{file} is no module")
        sys.modules[name] = module = module_from_spec(spec)
        spec.loader.exec_module(module)

    def sightings(self) -> list[Sighting]:
        """Every class of the tree that can be called as a handler, each once, by file and line."""
        own = {name: module for name, module in sys.modules.items() if self._owns(module)}
        found: dict[type[StepHandler], str] = {}
        for module in own.values():
            for member in vars(module).values():
                # A function with a decorator keeps the class that was made of it.
                handler = getattr(member, "_handler_class", member)
                if _is_handler(handler) and handler.__module__ in own:
                    # One that is made elsewhere, by a function, is at home where it is kept.
                    home = own[handler.__module__]
                    is_home = any(value is member for value in vars(home).values())
                    found.setdefault(handler, self._file(home if is_home else module))
        registered: dict[type[StepHandler] | None, list[str]] = {}
        for name in self.registry.list_handlers():
            handler = self.registry.get_handler_class(name)
            registered.setdefault(handler, []).append(name)
            if handler is not None and _is_handler(handler) and handler.__module__ in own:
                found.setdefault(handler, self._file(own[handler.__module__]))
        bases = {base for handler in found for base in handler.__mro__[1:]}
        sightings = [
            (
                [*dict.fromkeys(_declared(handler, found) + registered.get(handler, []))],
                handler.__name__,
                file,
                _line(handler, f"{self.root}{file}"),
                handler in bases,
                handler,
            )
            for handler, file in found.items()
        ]
        return sorted(sightings, key=lambda sighting: (sighting[2], sighting[3] or 0))

    def load_identified(self) -> list[tuple[str, type[StepHandler], str]]:
        """Imports all files; answers identity, class and file of every handler, each of which must have an identity."""
        for file in self.files:
            self.load(file)
        sightings = [sighting for sighting in self.sightings() if sighting[2] in self.files]
        for file in self.files:
            if all(sighting[2] != file for sighting in sightings):
                raise BadFile(file, None, "no handler here; define a class that extends tasker_core.StepHandler")
        for declared, name, file, line, _, _ in sightings:
            identity = declared[0] if declared else ""
            if not all(identity.split("/")) or identity.count("/") != 1:
                advice = f"give class {name} a handler_name of the form 'namespace/step'"
                raise BadFile(file, line, f"{advice} (it is {identity!r})")
        return [(declared[0], handler, file) for declared, _, file, _, _, handler in sightings]

    def _file(self, module: ModuleType) -> str:
        return str(module.__file__).removeprefix(self.root)

    def _innermost(self, trace: TracebackType | None) -> tuple[str, int | None] | None:
        frames = [frame for frame in traceback.extract_tb(trace) if frame.filename.startswith(self.root)]
        return (frames[-1].filename.removeprefix(self.root), frames[-1].lineno) if frames else None

    def trace(self, error: BaseException) -> str:
        """The frames of the tree, the innermost last."""
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(self.root)]
        return "\n".join(f"{frame.filename.removeprefix(self.root)}:{frame.lineno} {frame.name}" for frame in frames)


def _advice(error: BaseException, places: Places) -> str:
    """What to do about a package that is not there."""
    name = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if not name or name in (places.package, "tasker_core") or name in sys.stdlib_module_names:
        return ""
    return f"; --engine python-process --python-program PROGRAM runs handlers in a Python that has {name}"


def _is_handler(value: Any) -> bool:
    return inspect.isclass(value) and issubclass(value, StepHandler) and not inspect.isabstract(value)


def _declared(handler: type[StepHandler], found: Container[type[StepHandler]]) -> list[str]:
    """What a handler says its name is. That of another handler, which it extends, is not its own."""
    owner = next(cls for cls in handler.__mro__ if "handler_name" in vars(cls))
    name: Any = vars(owner)["handler_name"]
    is_own = owner is handler or owner not in found
    return [name] if is_own and isinstance(name, str) and name else []


def _line(handler: type[StepHandler], place: str) -> int | None:
    """The line on which a class, or the function that it is made of, begins."""
    begins = re.compile(rf"\s*(class|def|async def)\s+{re.escape(handler.__name__)}\b")
    numbers = (number for number, line in enumerate(linecache.getlines(place), 1) if begins.match(line))
    return next(numbers, None)
