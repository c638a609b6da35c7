"""Answers step inputs on standard input with outcomes on standard output, one JSON document a line."""

from __future__ import annotations

import json
import sys

from handlers import Handlers


def main() -> None:
    handlers = Handlers()
    sys.stdout.write('"ready"\n')
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(handlers.call(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
