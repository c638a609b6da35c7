"""The files of one tree of handlers: imports them, and finds the handlers in them."""

from __future__ import annotations

import builtins
import importlib
import inspect
import linecache
import os
import re
import sys
import traceback
from collections.abc import Container, Iterator
from contextlib import suppress
from importlib.util import module_from_spec, spec_from_file_location
from itertools import pairwise
from os import PathLike
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, ClassVar

import parity_builtins
import parity_loop
from parity_doors import DOORS
from parity_imports import Places
from parity_isolation import Isolation
from parity_realm import compile_once_below, shape
from tasker_core import HandlerRegistry, StepHandler

parity_builtins.keep(globals())

SUFFIX = "_handler.py"
SKIPPED = {"__pycache__", "node_modules"}

#: What does something when it is imported.
UNWANTED = {"antigravity", "idlelib", "this", "turtledemo"}

#: What a handler declares, the class's name, its file, its line, whether others extend it, the methods that a template
#: may name, and the class.
Sighting = tuple[list[str], str, str, int | None, bool, list[str], type[StepHandler]]


class BadFile(Exception):
    """A file that cannot be loaded: its name below the tree, the line if one is known, and what is wrong."""


class Tree:
    """The handlers below one directory, and the modules that belong to them."""

    active: Tree | None = None
    #: The import path without a tree's own directories.
    others: ClassVar[list[str]] = []

    def __init__(self, root: str | PathLike[str], files: list[str] | None = None, places: Places | None = None) -> None:
        """``files`` are those to import; without them, those named ``*_handler.py``."""
        self.root = f"{root}/"
        self.places = places or Places(str(root))
        compile_once_below(self.root)
        self.modules: dict[str, ModuleType] = {}
        self.path: list[str] | None = None
        self.registry = HandlerRegistry()
        self.isolation = Isolation()
        self.files = sorted(self._files()) if files is None else files
        self.found: list[Sighting] = []
        #: The handler that is called with the modules of this tree. Others have modules of their own.
        self.tenant: tuple[int, str | None] | None = None

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
            DOORS.sweep()
        Tree.active = self
        if self.path is None:
            self.path = [*self.places.directories, *sys.path]
            importlib.invalidate_caches()
        Tree.others, sys.path[:] = list(sys.path), self.path
        sys.meta_path.insert(0, self.places)
        HandlerRegistry._instance = self.registry
        sys.modules.update(self.modules)

    def _deactivate(self) -> None:
        self.sort_modules()
        self.path, sys.path[:] = list(sys.path), Tree.others
        if self.places in sys.meta_path:
            sys.meta_path.remove(self.places)
        for name in self.modules:
            del sys.modules[name]

    def sort_modules(self) -> None:
        """Tells the modules of this tree from those that all trees share."""
        if len(sys.modules) == len(DOORS.modules) + len(self.modules):
            return
        own = {}
        for name in sys.modules.keys() - DOORS.modules.keys():
            module = sys.modules[name]
            if self.modules.get(name) is module or self._owns(module):
                own[name] = module
            else:
                DOORS.add(name, module)
        self.modules = own

    def accept(self) -> None:
        """Takes what the files have changed for how it is, once they are loaded."""
        self.sort_modules()
        sys.meta_path.remove(self.places)
        DOORS.accept()
        sys.meta_path.insert(0, self.places)

    def _owns(self, module: ModuleType) -> bool:
        places = [getattr(module, "__file__", None), *(getattr(module, "__path__", None) or ())]
        return any(isinstance(place, str) and f"{place}/".startswith(self.root) for place in places)

    def load(self, file: str) -> None:
        """Imports a file."""
        self.activate()
        try:
            self.isolation.load(self._import, file)
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
        """Every class of the tree that can be called as a handler, each once, by file and line.

        From now on nothing that handlers share may change.
        """
        self.activate()
        self._import_the_rest()
        self.found = self._sightings()
        if "asyncio" in self.places.names or any(inspect.iscoroutinefunction(cls.call) for *_, cls in self.found):
            parity_loop.prepare()
        self.accept()
        return self.found

    def _import_the_rest(self) -> None:
        """Imports what files import of the library in the middle of a function, so that no call pays for it.

        What may not be imported is told when a handler asks for it.
        """
        for name in sorted(self.places.names & sys.stdlib_module_names - sys.modules.keys() - UNWANTED):
            with suppress(Exception):
                self.isolation.load(importlib.import_module, name)

    def realm(self, place: int, method: str | None) -> tuple[Tree, type[StepHandler]]:
        """The modules and the class with which a handler is called that was found at ``place``.

        Each handler has modules of its own, all imported anew, so that what one of them leaves there concerns nobody
        else. The first that is called has those of the tree.
        """
        if self.tenant is None:
            self.tenant = place, method
        if self.tenant == (place, method):
            return self, self.found[place][-1]
        _, _, file, *_, cls = self.found[place]
        # Unless files that it does not import have registered something in those that it does, its own file will do.
        realm = self._imported_anew([file])
        own = realm._class_like(self.found[place])
        is_whole = all(shape(module) == shape(self.modules.get(name)) for name, module in realm.modules.items())
        if own is None or not is_whole:
            realm = self._imported_anew(self.files)
            own = realm._class_like(self.found[place])
        # What was changed when the tree was loaded is changed already.
        DOORS.undo()
        if own is None:
            raise ImportError(f"{file} has no {cls.__name__} when it is imported once more")
        return realm, own

    def _class_like(self, sighting: Sighting) -> type[StepHandler] | None:
        """The class that was found just so in another import of the same files."""
        return next((found[-1] for found in self._sightings() if found[:4] == sighting[:4]), None)

    def _imported_anew(self, files: list[str]) -> Tree:
        tree = Tree(self.root.removesuffix("/"), self.files, self.places)
        for file in files:
            # One that fails has failed before.
            with suppress(BadFile):
                tree.load(file)
        tree.sort_modules()
        return tree

    def _sightings(self) -> list[Sighting]:
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
                _methods(handler),
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
        for declared, name, file, line, *_ in sightings:
            identity = declared[0] if declared else ""
            if not all(identity.split("/")) or identity.count("/") != 1:
                advice = f"give class {name} a handler_name of the form 'namespace/step'"
                raise BadFile(file, line, f"{advice} (it is {identity!r})")
        return [(declared[0], handler, file) for declared, _, file, *_, handler in sightings]

    def _file(self, module: ModuleType) -> str:
        return str(module.__file__).removeprefix(self.root)

    def _innermost(self, trace: TracebackType | None) -> tuple[str, int | None] | None:
        frames = self._frames(trace)
        return frames[-1][:2] if frames else None

    def _frames(self, trace: TracebackType | None) -> list[tuple[str, int | None, str]]:
        """The frames of the tree, the innermost last: file, line and function."""
        codes = ((frame.f_code, line) for frame, line in traceback.walk_tb(trace))
        return [
            (code.co_filename.removeprefix(self.root), line, code.co_name)
            for code, line in codes
            if code.co_filename.startswith(self.root)
        ]

    def trace(self, error: BaseException) -> str:
        """The frames of the tree, a line each, as ``FILE:LINE FUNCTION``: the last line is the handler's own innermost.

        Of a group of exceptions the first one's frames come last.
        """
        frames = self._frames(error.__traceback__)
        while isinstance(error, GROUP) and error.exceptions:
            error = error.exceptions[0]
            frames += self._frames(error.__traceback__)
        return "\n".join(f"{file}:{line} {function}" for file, line, function in frames)


#: A group of exceptions, which Python has from 3.11 on.
GROUP: Any = getattr(builtins, "BaseExceptionGroup", ())


def _advice(error: BaseException, places: Places) -> str:
    """What to do about a package that is not there."""
    name = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if not name or name in (places.package, "tasker_core") or name in sys.stdlib_module_names:
        return ""
    above = _home_above(Path(places.root), name)
    if above is not None:
        return f"; {name} is found if the tree is {above}, so name that with --python"
    return f"; --engine python-process --python-program PROGRAM runs handlers in a Python that has {name}"


def _home_above(root: Path, name: str) -> Path | None:
    """The directory above a tree, in the same repository, from which a module of this name is imported."""
    for inner, folder in pairwise([root, *root.parents]):
        if (inner / ".git").exists() or folder == folder.parent:
            break
        if (folder / name).is_dir() or (folder / f"{name}.py").is_file():
            return folder
    return None


def _is_handler(value: Any) -> bool:
    # An abstract class asks all of its subclasses whether another class is one, and every handler has such a class.
    return isinstance(value, type) and StepHandler in value.__mro__ and not inspect.isabstract(value)


def _declared(handler: type[StepHandler], found: Container[type[StepHandler]]) -> list[str]:
    """What a handler says its name is. That of another handler, which it extends, is not its own."""
    owner = next(cls for cls in handler.__mro__ if "handler_name" in vars(cls))
    name: Any = vars(owner)["handler_name"]
    is_own = owner is handler or owner not in found
    return [name] if is_own and isinstance(name, str) and name else []


def _methods(handler: type[StepHandler]) -> list[str]:
    """The methods that a template may name beside ``call``: all but those that every handler has."""
    own = (vars(cls) for cls in handler.__mro__ if not cls.__module__.startswith("tasker_core") and cls is not object)
    return sorted({name for members in own for name, member in members.items() if callable(member)} - {"call"})


def _line(handler: type[StepHandler], place: str) -> int | None:
    """The line on which a class, or the function that it is made of, begins."""
    begins = re.compile(rf"\s*(class|def|async def)\s+{re.escape(handler.__name__)}\b")
    numbers = (number for number, line in enumerate(linecache.getlines(place), 1) if begins.match(line))
    return next(numbers, None)
