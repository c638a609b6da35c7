"""Under which names the modules of a tree are imported, and from which directories.

A tree says so by the way in which its own files import one another. ``from shop.models import Cart`` in
``src/shop/cart.py`` makes ``src`` a place to import from; in a tree that is called ``shop`` it makes the tree itself a
package, and so does a relative import that climbs up to its root. Nothing beside the tree can be imported by that: the
package is found without its parent directory.
"""

from __future__ import annotations

import os
import re
import sys
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path

IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import\b|import[ \t]+([\w., \t]+))", re.MULTILINE)
SKIPPED = {"__pycache__", "node_modules", "site-packages"}


class Places:
    """The directories from which a tree's modules are imported, and the name of the tree itself if it is a package."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.name = re.sub(r"\W", "_", Path(root).name)
        self.files = sorted(_files(root))
        self.names, is_climbed = self._imported()
        self.is_package = is_climbed or "__init__.py" in self.files
        self.directories = [root]
        for name in sorted(self.names - sys.stdlib_module_names):
            self._place(name)

    def _imported(self) -> tuple[set[str], bool]:
        """The names that files import, and whether one climbs up to the root itself."""
        names, is_climbed = set(), False
        for file in self.files:
            text = Path(self.root, file).read_text(encoding="utf-8", errors="replace")
            for dots, source, listed in IMPORT.findall(text):
                if dots:
                    is_climbed |= len(dots) == file.count("/") + 1
                else:
                    names |= {
                        name.split()[0].partition(".")[0] for name in (source or listed).split(",") if name.strip()
                    }
        return names, is_climbed

    def _place(self, name: str) -> None:
        """Makes a name that is imported importable, if the tree has such a module."""
        homes = [home for file in self.files if (home := self._home(file, name)) is not None]
        if not homes:
            self.is_package |= name == self.name
            return
        nearest = min(homes, key=lambda home: (home.count("/") if home else -1, home))
        directory = f"{self.root}/{nearest}".removesuffix("/")
        if directory not in self.directories:
            self.directories.append(directory)

    @staticmethod
    def _home(file: str, name: str) -> str | None:
        """The directory in which ``name`` is a module, if ``file`` is that module or one in it."""
        parts = file.removesuffix(".py").split("/")
        return "/".join(parts[: parts.index(name)]) if name in parts else None

    def module(self, file: str) -> str:
        """The name of the module that a file is."""
        place = f"{self.root}/{file}"
        home = max((home for home in self.directories if place.startswith(f"{home}/")), key=len)
        name = place[len(home) + 1 :].removesuffix(".py").replace("/", ".")
        if home == self.root and self.is_package:
            name = f"{self.package}.{name}"
        return name.removesuffix(".__init__")

    @property
    def package(self) -> str:
        """The name of the tree as a package. One that is taken gives way."""
        taken = self.name in sys.stdlib_module_names or self.name == "tasker_core"
        return f"tree_{self.name}" if taken or not self.name.isidentifier() else self.name

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """Finds the tree as a package. This object stands in ``sys.meta_path``."""
        if not self.is_package or name != self.package:
            return None
        if "__init__.py" in self.files:
            places = [self.root]
            return spec_from_file_location(name, f"{self.root}/__init__.py", submodule_search_locations=places)
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [self.root]
        return spec


def _files(root: str) -> list[str]:
    found = []
    for folder, folders, files in os.walk(root, followlinks=False):
        folders[:] = [name for name in folders if name not in SKIPPED and not name.startswith(".")]
        folders[:] = [name for name in folders if not Path(folder, name, "pyvenv.cfg").exists()]
        found += [f"{folder}/{name}"[len(root) + 1 :] for name in files if name.endswith(".py")]
    return found
