"""Importing the files of a tree once more for each of its handlers: at little cost, and seeing whether all is there."""

from __future__ import annotations

import marshal
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import parity_builtins

parity_builtins.keep(globals())

#: The directories of trees, and the compiled code of files below them.
_roots: set[str] = set()
_compiled: dict[tuple[str, int, int, int], bytes] = {}

_compile = SourceFileLoader.get_code


def compile_once_below(root: str) -> None:
    """Keeps the code of files below a directory."""
    _roots.add(root)


def _compile_once(self: SourceFileLoader, name: str) -> CodeType | None:
    """A copy of the code of a file: what runs in one module has adapted to that one."""
    path = self.get_filename(name)
    if not path.startswith(tuple(_roots)):
        return _compile(self, name)
    about = Path(path).stat()
    key = (path, about.st_ino, about.st_mtime_ns, about.st_size)
    if key not in _compiled:
        _compiled[key] = marshal.dumps(_compile(self, name))
    code: CodeType = marshal.loads(_compiled[key])
    return code


setattr(SourceFileLoader, "get_code", _compile_once)


def shape(value: Any, depth: int = 4) -> Any:
    """How many members a value has, and each of them, which is enough to see that something was added."""
    if depth == 0:
        return None
    if isinstance(value, ModuleType):
        members = [each for name, each in vars(value).items() if name[:2] != "__" and not isinstance(each, ModuleType)]
    elif isinstance(value, dict | list | tuple | set | frozenset):
        few = value if len(value) < FEW else ()
        return len(value), [shape(member, depth - 1) for member in (few.values() if isinstance(few, dict) else few)]
    elif isinstance(value, type) and value.__flags__ & HEAP:
        members = [each for name, each in vars(value).items() if name[:1] != "_"]
    else:
        return None
    return len(members), [shape(member, depth - 1) for member in members]


#: Of longer lists only the length is looked at.
FEW = 30

#: The flag of classes that are made by Python code.
HEAP = 1 << 9
