"""Options: which vectors are replayed, and against which tree of handlers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.subject import PYTHON, Subject, TreeError
from tests.vectors import VectorError, load

VECTORS = PYTHON.parents[1] / "vectors"

CHOSEN = pytest.StashKey["Chosen"]()


class Chosen:
    """The vectors that are replayed, and what they are replayed against."""

    def __init__(self, directory: Path, tree: Path | None, package: str) -> None:
        self.subject = Subject(tree or PYTHON, package=package)
        self.all = load(directory)
        # A tree of somebody else holds some of the handlers. Ours is asked for every vector.
        has = set(self.subject.handlers)
        self.vectors = [vector for vector in self.all if tree is None or vector.handler in has]
        self.handlers_without_vectors = sorted(has - {vector.handler for vector in self.all})
        self.left_out = len(self.all) - len(self.vectors)
        if not self.vectors:
            raise VectorError(f"{directory}: no vectors for the handlers of {tree}: {', '.join(sorted(has))}")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds ``--vectors``, ``--tree`` and ``--tasker``."""
    group = parser.getgroup("golden vectors")
    group.addoption("--vectors", type=Path, default=VECTORS, metavar="DIR", help="the golden vectors")
    group.addoption("--tree", type=Path, metavar="DIR", help="handlers to test instead of ours; may hold some of them")
    packages = ("ours", "installed")
    group.addoption("--tasker", choices=packages, default="ours", help="whose tasker_core the handlers run on")


def chosen(config: pytest.Config) -> Chosen:
    """What the options name."""
    if CHOSEN not in config.stash:
        try:
            config.stash[CHOSEN] = Chosen(*map(config.getoption, ("--vectors", "--tree", "--tasker")))
        except (VectorError, TreeError) as error:
            raise pytest.Collector.CollectError(str(error)) from error
    return config.stash[CHOSEN]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends the handlers' process."""
    if CHOSEN in config.stash:
        config.stash[CHOSEN].subject.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a vector."""
    if "vector" in metafunc.fixturenames:
        vectors = chosen(metafunc.config).vectors
        metafunc.parametrize("vector", vectors, ids=[vector.id for vector in vectors])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Says what was not replayed."""
    if CHOSEN in config.stash and config.stash[CHOSEN].left_out:
        tree, left_out = config.getoption("--tree"), config.stash[CHOSEN].left_out
        terminalreporter.write_line(f"{left_out} vectors are for handlers that {tree} does not have")


@pytest.fixture
def subject(request: pytest.FixtureRequest) -> Subject:
    """The handlers."""
    return chosen(request.config).subject


@pytest.fixture
def handlers_without_vectors(request: pytest.FixtureRequest) -> list[str]:
    """The handlers of the tree that no vector is for."""
    return chosen(request.config).handlers_without_vectors
