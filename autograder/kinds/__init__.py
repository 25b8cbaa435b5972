"""The kinds of hidden cases: every class in this folder with a `kind`. A new one is a file here,
and its steps in the student's process (`probe/steps.py`) where those that are there do not do.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from autograder.cases import Case
from autograder.errors import CaseError
from autograder.read_cases import (
    Reader,
    hint,
    identifier,
    many,
    mistake,
    names_in,
    one_of,
    tolerance,
)


def _found() -> list[type[Case]]:
    names = [f"{__name__}.{entry.name}" for entry in pkgutil.iter_modules(__path__)]
    return [
        value
        for module in map(importlib.import_module, names)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Case) and "kind" in vars(value)
    ]


KINDS: dict[str, type[Case]] = {kind.kind: kind for kind in _found()}


def read_cases(data: Any, where: str) -> tuple[Case, ...]:
    """The cases of one test cell from its parsed YAML. Raises `CaseError`, its message starting
    with `where`.
    """
    if not isinstance(data, list) or not data:
        raise CaseError(
            f"{where}: expected a list of cases, got {data!r:.80}; start each with `- id:`"
        )
    cases = []
    for number, item in enumerate(data, 1):
        label = item.get("id", f"case {number}") if isinstance(item, dict) else f"case {number}"
        cases.append(_case(item, f"{where}, {label}"))
    ids = [case.id for case in cases]
    for name in ids:
        if ids.count(name) > 1:
            raise CaseError(
                f"{where}: two cases are called {name!r}; their inputs would be the same,"
                " rename one"
            )
    return tuple(cases)


def _case(data: Any, where: str) -> Case:
    reader = Reader(data, where)
    common = {
        "id": reader.take("id", identifier),
        "hint": reader.take("hint", hint),
        "tolerance": reader.take("tolerance", tolerance, None),
        "mistakes": reader.take("mistakes", many(mistake), ()),
        "given": reader.take("given", many(identifier), ()),
    }
    kind = KINDS[reader.take("kind", one_of(tuple(KINDS)), "function")]
    fields = kind.read(reader)
    reader.end()
    case = kind(**common, **fields)
    _check_references(case, where)
    return case


def _check_references(case: Case, where: str) -> None:
    """Every `$name` must have been built before it is used."""
    try:
        checked = case.checked()
    except CaseError as error:
        raise CaseError(f"{where}, {error}") from None
    for values, built in checked:
        for name in names_in(values):
            if name not in built:
                raise CaseError(
                    f"{where}: `${name}` is not built before it is used; built are"
                    f" {', '.join(built) or 'none'}"
                )
