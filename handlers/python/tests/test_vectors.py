"""Every golden vector holds for the Python handlers."""

from __future__ import annotations

import pytest

from tests.explain import explain
from tests.subject import Subject
from tests.vectors import Vector


def test_vector(vector: Vector, subject: Subject) -> None:
    if vector.handler not in subject.handlers:
        pytest.fail(f"{vector.file}: no handler {vector.handler} in {subject.tree}", pytrace=False)
    report = explain(vector, subject.call(vector.step_input))
    if report is not None:
        pytest.fail(report, pytrace=False)


def test_every_handler_has_vectors(handlers_without_vectors: list[str]) -> None:
    if handlers_without_vectors:
        pytest.fail(f"no vectors for {', '.join(handlers_without_vectors)}", pytrace=False)
