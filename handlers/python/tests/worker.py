"""Answers step inputs line by line, in a process of its own: its clock and its randomness belong to the handlers.

``python -m tests.worker RUNTIME TREE [installed]`` in ``handlers/python``. The first line out names the handlers of the
tree, or says why it can not be loaded. With ``installed``, the handlers run on the Tasker package of the environment.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO


def main(runtime: str, tree: str, package: str = "ours") -> None:
    """Serves one tree until standard input ends."""
    answers = _own_output()
    context_of: Callable[[dict[str, Any]], Any] | None = None
    if package == "installed":
        try:
            from tests.installed import context_of  # noqa: PLC0415
        except ImportError as error:
            _say(answers, {"error": f"the installed tasker_core can not be used: {error}"})
            return
    sys.path.insert(0, runtime)

    from tests.json_values import read  # noqa: PLC0415  # they need the runtime's packages
    from tests.observe import observation  # noqa: PLC0415

    # Nothing but the tree and the runtime's packages: what a tree lacks must not come from ours.
    ours = Path(__file__).resolve().parents[1]
    sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != ours]
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]

    import parity_ambient  # noqa: PLC0415
    import parity_streams  # noqa: PLC0415

    doors = parity_streams.Streams()
    parity_ambient.install(doors)

    import parity_driver  # noqa: PLC0415  # it and the handlers are imported under the ambient clock

    loaded = parity_driver.Tree(str(Path(tree).resolve()))
    try:
        found = loaded.load_identified()
    except parity_driver.BadFile as error:
        file, line, message = error.args
        _say(answers, {"error": f"{loaded.root}{file}{'' if line is None else f':{line}'}: {message}"})
        return
    handlers = {identity: handler for identity, handler, _ in found}
    _say(answers, {"handlers": [identity for identity, _, _ in found]})
    for line in sys.stdin:
        step_input = read(line)
        doors.reset(step_input["ambient"])
        handler = handlers[step_input["handler"]]
        if context_of is None:
            end = parity_driver.call_input(loaded, handler, step_input)
        else:
            end = parity_driver.call_with(loaded, handler, context_of(step_input))
        _say(answers, observation(end))


def _own_output() -> TextIO:
    """Standard output for the answers alone; what handlers print goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _say(answers: TextIO, document: dict[str, Any]) -> None:
    answers.write(json.dumps(document) + "\n")
    answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
