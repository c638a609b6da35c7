"""Vectors that can not be used are an error, never a green run of nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.samples import completed, vector, write_vectors
from tests.vectors import VectorError, load


def test_what_was_written_is_read(tmp_path: Path) -> None:
    first = vector(completed({"a": [1, None]}))
    (read,) = load(write_vectors(tmp_path, [first]))
    assert (read.id, read.note, read.flags, read.step_input, read.expected) == (
        (first.id, first.note, first.flags, first.step_input, first.expected)
    )


def test_traces_of_workflows_and_regressions_are_no_vectors(tmp_path: Path) -> None:
    write_vectors(tmp_path, [vector(completed({}))])
    for name in ("workflows/a__b.json", "regressions/a/b/c.json", "vector.schema.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("no vectors")
    assert len(load(tmp_path)) == 1


@pytest.mark.parametrize("directory", ["nowhere", "empty"])
def test_no_vectors_are_an_error(tmp_path: Path, directory: str) -> None:
    (tmp_path / "empty" / "ecommerce").mkdir(parents=True)
    with pytest.raises(VectorError, match=directory):
        load(tmp_path / directory)


def test_an_id_that_occurs_twice_is_an_error(tmp_path: Path) -> None:
    write_vectors(tmp_path, [vector(completed({})), vector(completed({}), "miniature/other")])
    with pytest.raises(VectorError, match=r"vector handler-000000000000 is in .*handler\.json, too"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema_version": 1}, "schema version 1, this reads 2"),
        ({"handler": "miniature/other"}, "its vectors are for miniature/other"),
        ({"vectors": []}, "no vectors"),
        ({"vectors": [{"id": "a"}]}, "KeyError: 'note'"),
        ({"vectors": None}, "TypeError"),
    ],
)
def test_a_file_in_another_format_is_an_error(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    file = write_vectors(tmp_path, [vector(completed({}))]) / "miniature" / "handler.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    with pytest.raises(VectorError, match=message) as caught:
        load(tmp_path)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("text", ["", '{"schema_version": 2,', '{"schema_version": NaN}', "\ufeff{}"])
def test_a_text_that_is_no_json_is_an_error(tmp_path: Path, text: str) -> None:
    file = write_vectors(tmp_path, [vector(completed({}))]) / "miniature" / "handler.json"
    file.write_text(text)
    with pytest.raises(VectorError, match=r"handler\.json"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("input", {"handler": "miniature/handler"}, "its input is no step input"),
        ("expected", {"status": "completed", "result": {}}, "what it expects is no outcome"),
        ("expected", {"status": "crashed"}, "what it expects is no outcome"),
    ],
)
def test_a_vector_in_another_format_is_an_error(tmp_path: Path, name: str, value: Any, message: str) -> None:
    file = write_vectors(tmp_path, [vector(completed({}))]) / "miniature" / "handler.json"
    document = json.loads(file.read_text())
    document["vectors"][0][name] = value
    file.write_text(json.dumps(document))
    with pytest.raises(VectorError, match=f"vector handler-000000000000: {message}"):
        load(tmp_path)
