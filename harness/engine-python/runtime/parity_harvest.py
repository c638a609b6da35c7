"""What the sources of a tree say: their literals, and beside which names they stand.

A source becomes a list of nodes, the same for all languages (``harness/literals/src/node.rs``): ``{"name": "total"}``,
``{"literal": {"number": 100}}``, ``{"group": [...]}``, ``{"assign": [["total"], [...]]}``,
``{"define": ["pay", [...]]}``. Nothing of the tree is run.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

Node = dict[str, Any]

#: Methods whose texts are more than something to compare with.
USES = {
    "startswith": "prefix",
    "removeprefix": "prefix",
    "endswith": "suffix",
    "removesuffix": "suffix",
    "split": "separator",
    "rsplit": "separator",
    "partition": "separator",
    "rpartition": "separator",
    "join": "separator",
}
#: Functions of ``re`` whose first argument is a pattern.
PATTERNS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
#: Methods that read the key that is their first argument.
READERS = {"get", "pop", "setdefault", "get_input", "get_input_or", "get_dependency_result", "get_dependency_field"}
#: What Python alone writes in a pattern, and how others write it.
SPELLINGS = {"(?P<": "(?<", r"\A": "^", r"\Z": "$"}
#: What is said to people only.
LOGGERS = {"debug", "info", "warning", "error", "critical", "exception", "log", "print"}
#: Names that belong to nothing in an input.
SILENT = {"self", "cls"}
#: Calls that say how long something is.
LENGTHS = {"len"}
#: Calls that put something in the place of a part of a text: what stands near them is not read as it is written.
REPLACING = {"replace", "sub"}
#: How deep groups are nested; what is deeper stands in the innermost one.
DEEPEST = 30
#: The largest number that JSON holds everywhere.
MOST = 2**63


def harvest(source: str) -> str:
    """The nodes of a source as JSON; of one that cannot be read, none."""
    try:
        nodes = [node for statement in ast.parse(source).body for node in _statement(statement)]
        return json.dumps(nodes)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "[]"


def _literal(kind: str, value: object) -> Node:
    return {"literal": {kind: value}}


def _constant(value: object, kind: str = "text") -> Iterator[Node]:
    if isinstance(value, str):
        # JSON holds no lone surrogate.
        if value.encode("utf-8", "ignore").decode() == value:
            yield _literal(kind, value)
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST:
        yield _literal("number", value)


def _statement(statement: ast.AST) -> Iterator[Node]:
    """The nodes of one statement."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield {"define": [statement.name, list(_definition(statement))]}
        case ast.Assign(targets=targets, value=value):
            yield _assign(targets, value)
        case ast.AnnAssign(target=target, annotation=ast.Subscript(value=ast.Name(id="Literal"), slice=texts)):
            yield _assign([target], texts)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value):
            yield _assign([target], value)
        case ast.For(target=target, iter=source) | ast.AsyncFor(target=target, iter=source):
            yield _assign([target], source)
            yield from _statements([*statement.body, *statement.orelse])
        case ast.Match(subject=subject, cases=cases):
            patterns = [node for case in cases for node in _parts(case.pattern)]
            yield {"group": [*_expression(subject), *patterns]}
            yield from _statements(part for case in cases for part in [case.guard, *case.body] if part is not None)
        case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom():
            pass
        case ast.Raise():
            yield from _mute(_parts(statement))
        case ast.Return(value=ast.Dict(values=values)):
            yield from (node for value in values if not isinstance(value, ast.Constant) for node in _expression(value))
        case ast.expr():
            yield from _expression(statement)
        case _:
            yield from _parts(statement)


def _definition(definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[Node]:
    for decorator in definition.decorator_list:
        yield from _decorator(decorator)
    if isinstance(definition, ast.ClassDef):
        outer = definition.bases
        for part in definition.body:
            yield from _claim(part)
    else:
        outer = [*definition.args.defaults, *filter(None, definition.args.kw_defaults)]
    for expression in outer:
        yield from _expression(expression)
    yield from _statements(definition.body)


def _statements(statements: Iterable[ast.AST]) -> Iterator[Node]:
    for statement in statements:
        yield from _statement(statement)


def _parts(part: ast.AST, depth: int = 0) -> Iterator[Node]:
    for child in ast.iter_child_nodes(part):
        if isinstance(child, ast.expr):
            yield from _expression(child, depth)
        elif isinstance(child, ast.stmt):
            yield from _statement(child)
        else:
            yield from _parts(child, depth)


def _mute(nodes: Iterable[Node]) -> Iterator[Node]:
    """The nodes without the literals, which are there for people to read."""
    for node in nodes:
        if "group" in node:
            yield {"group": list(_mute(node["group"]))}
        elif "literal" not in node:
            yield node


def _claim(part: ast.AST) -> Iterator[Node]:
    """The name that a class gives itself."""
    match part:
        case ast.Assign(value=ast.Constant(value=str(text))) | ast.AnnAssign(value=ast.Constant(value=str(text))):
            yield {"claim": text}


def _decorator(decorator: ast.expr) -> Iterator[Node]:
    """A decorator names the handler, or says under which keys its parameters are read."""
    if not isinstance(decorator, ast.Call):
        return
    for argument in decorator.args:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield {"claim": argument.value}
        else:
            yield from _expression(argument)
    for keyword in decorator.keywords:
        if keyword.arg and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str):
            yield {"assign": [[keyword.arg], [{"name": part} for part in re.split(r"\W+", keyword.value.value)]]}
        else:
            yield from _expression(keyword.value)


def _targets(target: ast.AST) -> list[str]:
    """The names that an assignment gives something."""
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return [name]
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return [name]
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return [name for part in parts for name in _targets(part)]
        case ast.Starred(value=part):
            return _targets(part)
    return []


def _assign(targets: list[ast.expr], value: ast.expr) -> Node:
    return {"assign": [[name for target in targets for name in _targets(target)], list(_expression(value))]}


def _expression(expression: ast.expr, depth: int = 0) -> Iterator[Node]:
    """The nodes of one expression: a group, unless it is a name or a literal."""
    match expression:
        case ast.Constant(value=value):
            yield from _constant(value)
        case ast.Name(id=name):
            if name not in SILENT:
                yield {"name": name}
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            yield from _constant(-value)
        case ast.JoinedStr():
            yield from _mute(_parts(expression, depth))
        case ast.Lambda(body=body):
            yield from _expression(body, depth)
        case _ if depth == DEEPEST:
            yield from _inner(expression, depth)
        case _:
            yield {"group": list(_inner(expression, depth + 1))}


def _inner(expression: ast.expr, depth: int) -> Iterator[Node]:
    match expression:
        case ast.Attribute(value=value, attr=name):
            yield {"name": name}
            yield from _expression(value, depth)
        case ast.Subscript(value=value, slice=ast.Constant(value=str(key))):
            yield {"name": key}
            yield from _constant(key, "key")
            yield from _expression(value, depth)
        case ast.Call():
            yield from _call(expression, depth)
        case ast.NamedExpr(target=target, value=value):
            yield _assign([target], value)
            yield from _expression(target, depth)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            for generator in expression.generators:
                yield _assign([generator.target], generator.iter)
            yield from _parts(expression, depth)
        case _:
            yield from _parts(expression, depth)


def _call(call: ast.Call, depth: int) -> Iterator[Node]:
    name, owner, kind = "", "", "text"
    match call.func:
        case ast.Name(id=name):
            # What a class is made of is among its members, as those of an enum.
            yield {"name" if name in LENGTHS or name[:1].isupper() else "refer": name}
        case ast.Attribute(value=value, attr=name):
            owner = value.id if isinstance(value, ast.Name) else ""
            kind = USES.get(name, "text")
            yield {"name" if name in REPLACING else "refer": name}
            yield from _plain(value, kind, depth)
        case other:
            yield from _expression(other, depth)
    if name not in LOGGERS and not name.endswith(("Error", "Exception")):
        yield from _arguments(call, name, owner, kind, depth)


def _plain(value: ast.expr, kind: str, depth: int) -> Iterator[Node]:
    """A literal of this kind, or any other expression."""
    if isinstance(value, ast.Constant):
        yield from _constant(value.value, kind)
    else:
        yield from _expression(value, depth)


def _arguments(call: ast.Call, name: str, owner: str, kind: str, depth: int) -> Iterator[Node]:
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    if owner in {"re", "regex"} and name in PATTERNS and arguments:
        yield from _pattern(arguments.pop(0), depth)
    elif name in READERS and arguments and isinstance(arguments[0], ast.Constant):
        key = arguments.pop(0)
        yield from _key(key)
    elif (day := _day(name, arguments)) is not None:
        yield _literal("text", day)
        return
    for argument in arguments:
        texts = argument.elts if isinstance(argument, ast.Tuple) and kind != "text" else [argument]
        for text in texts:
            yield from _plain(text, kind, depth)


def _pattern(pattern: ast.expr, depth: int) -> Iterator[Node]:
    match pattern:
        case ast.Constant(value=str(text)):
            for own, other in SPELLINGS.items():
                text = text.replace(own, other)
            yield from _constant(text, "pattern")
        case _:
            yield from _expression(pattern, depth)


def _key(key: ast.expr) -> Iterator[Node]:
    match key:
        case ast.Constant(value=str(text)):
            yield {"name": text}
            yield from _constant(text, "key")


def _day(name: str, arguments: list[ast.expr]) -> str | None:
    """The day that a call of ``date`` or ``datetime`` makes of numbers."""
    if name not in {"date", "datetime"} or len(arguments) < 3:
        return None
    values = [argument.value for argument in arguments[:6] if isinstance(argument, ast.Constant)]
    year, month, day, *time = [value for value in values if isinstance(value, int)] + [0] * 3
    try:
        if name == "date":
            return date(year, month, day).isoformat()
        hour, minute, second = (*time, 0, 0, 0)[:3]
        return f"{datetime(year, month, day, hour, minute, second).isoformat()}Z"
    except (TypeError, ValueError):
        return None
