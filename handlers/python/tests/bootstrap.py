"""Tasker's own start-up registers every handler: by the templates in ``config/tasks``, and by the packages.

``python -m tests.bootstrap`` in ``handlers/python``, with ``tasker-py`` and ``LOG_LEVEL=off``.
"""

from __future__ import annotations

import sys

from tasker_core import HandlerRegistry

from register import register_all


def main() -> int:
    """The exit code; says how many handlers were found."""
    bootstrapped = HandlerRegistry.instance().list_handlers()
    discovered = register_all(HandlerRegistry())
    print(f"{len(bootstrapped)} handlers by templates, {len(discovered)} by packages")
    return 0 if sorted(bootstrapped) == sorted(discovered) != [] else 1


if __name__ == "__main__":
    sys.exit(main())
