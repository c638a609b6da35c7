"""A worker gets to know every handler: by looking through the packages, and by the callables of its templates."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from tasker_core import HandlerRegistry

from register import register_all
from tests.subject import PYTHON

OURS = PYTHON.parents[1] / "fixtures" / "templates"
TEMPLATES = sorted((PYTHON / "config" / "tasks").glob("*.yaml"))


def callables(template: Path) -> list[str]:
    return re.findall(r"callable: (.*)", template.read_text(encoding="utf-8"))


def test_every_file_of_a_handler_is_registered() -> None:
    files = sorted(file.name.removesuffix("_handler.py") for file in PYTHON.glob("post_*/**/*_handler.py"))
    names = register_all(HandlerRegistry())
    assert sorted(name.partition("/")[2] for name in names) == files


@pytest.mark.parametrize("template", TEMPLATES, ids=[template.stem for template in TEMPLATES])
def test_a_callable_of_a_template_is_the_class_of_the_handler(template: Path) -> None:
    classes = [callable.rpartition(".") for callable in callables(template)]
    names = [getattr(import_module(module), name).handler_name for module, _, name in classes]
    assert names == callables(OURS / template.name)


def test_no_workflow_is_without_a_template() -> None:
    assert [template.name for template in TEMPLATES] == sorted(template.name for template in OURS.glob("*.yaml"))
