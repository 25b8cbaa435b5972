"""An assignment as its source tells it: cells, points, reference solution, hidden cases. Trusted side only."""

from __future__ import annotations

import ast
import functools
import importlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from autograder.cases import Case
from autograder.errors import CaseError
from autograder.read_cases import read_cases

ROOT = Path(__file__).resolve().parent.parent
EXERCISES = ROOT / "book" / "exercises"


@dataclass(frozen=True)
class Test:
    """One graded test cell: all of its cases must pass for its points."""

    id: str
    points: float
    source: str
    cases: tuple[Case, ...]

    __test__ = False  # not a test class of pytest's

    @property
    def function(self) -> str:
        return self.id.removeprefix("test_").partition("__")[0]


@dataclass(frozen=True)
class CodeCell:
    """A code cell of the notebook as written; `grade_id` is empty for one that is not graded."""

    kind: str  # "solution", "test", "snippets" or "plain"
    grade_id: str
    source: str


@dataclass(frozen=True)
class Exercise:
    """One assignment; `solutions` holds the source of each solution cell, markers included, in order."""

    name: str
    path: Path
    solutions: Mapping[str, str]
    tests: Mapping[str, Test]
    manual: Mapping[str, float]
    shared: tuple[str, ...]  # code cells that are neither solution nor test, in order
    snippets: tuple[str, ...]
    cells: tuple[CodeCell, ...]  # all code cells in order
    _cache: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def points(self) -> float:
        """Automatic points."""
        return sum(test.points for test in self.tests.values())

    def reference(self) -> dict[str, Any]:
        """The namespace in which the reference solution is defined. Made once."""
        if "reference" not in self._cache:
            self._cache["reference"] = self.namespace({})
        return self._cache["reference"]

    def namespace(self, replaced: Mapping[str, str]) -> dict[str, Any]:
        """Imports, snippets and definitions of the notebook, with some solution cells' sources replaced."""
        namespace: dict[str, Any] = {"__name__": f"reference_{self.name}", **self.snippet_names()}
        for number, source in enumerate([*self.shared, *({**self.solutions, **replaced}).values()]):
            exec(compile(source, f"<{self.name} {number}>", "exec", dont_inherit=True), namespace)
        return namespace

    def snippet_names(self) -> dict[str, Any]:
        """What the inlined snippets define."""
        names: dict[str, Any] = {}
        for snippet in self.snippets:
            module = importlib.import_module(f"book.snippets.{snippet}")
            names |= {name: value for name, value in vars(module).items() if not name.startswith("__")}
        return names


@functools.lru_cache(maxsize=32)
def load(name: str, folder: Path = EXERCISES) -> Exercise:
    """The assignment called `name`. Raises `CaseError` when its source is missing or wrong."""
    path = folder / f"{name}.md"
    if not path.is_file():
        known = ", ".join(sorted(found.stem for found in folder.glob("ex*.md")))
        raise CaseError(f"no assignment is called {name!r}: {path} is missing; known are {known or 'none'}")
    return parse(name, path.read_text(encoding="utf-8"), path)


def parse(name: str, text: str, path: Path) -> Exercise:
    """As `load`, from the source's text."""
    solutions: dict[str, str] = {}
    tests: dict[str, Test] = {}
    manual: dict[str, float] = {}
    shared: list[str] = []
    snippets: list[str] = []
    cells: list[CodeCell] = []
    for kind, meta, source in cells_of(text, path):
        grade = meta.get("grade") or {}
        if "cases" in meta:
            _add_cases(tests, str(meta["cases"]), source, path)
        elif "solution" in grade:
            _once(solutions, grade["solution"], path)[grade["solution"]] = source
            cells.append(CodeCell("solution", grade["solution"], source))
        elif "test" in grade:
            test = Test(str(grade["test"]), float(grade["points"]), source, ())
            _once(tests, test.id, path)[test.id] = test
            cells.append(CodeCell("test", test.id, source))
        elif "manual" in grade:
            manual[str(grade["manual"])] = float(grade["points"])
        elif "snippets" in meta:
            snippets += meta["snippets"]
            cells.append(CodeCell("snippets", "", ""))
        elif kind == "code":
            shared.append(_definitions(source, path))
            cells.append(CodeCell("plain", "", source))
    _check(tests, solutions, path)
    return Exercise(name, path, solutions, tests, manual, tuple(shared), tuple(snippets), tuple(cells))


def cells_of(text: str, path: Path) -> Iterator[tuple[str, dict[str, Any], str]]:
    """(kind, metadata, source) of the code cells, raw cells and prose cells with metadata of a valid source.

    Reads the few forms that CONTRIBUTING.md allows, since importing jupytext would cost every grading kernel a second;
    `book.bilingual` reads sources with jupytext and refuses the others.
    """
    for match in _CELL.finditer(text):
        if match["prose"]:
            yield "markdown", json.loads(match["prose"]), ""
            continue
        try:
            meta, source = _metadata(match["body"])
        except yaml.YAMLError as error:
            raise CaseError(f"{path.name}: a cell's metadata is not YAML: {' '.join(str(error).split())}") from None
        yield match["kind"], meta, source


_CELL = re.compile(
    r"^(?P<fence>`{3,})\{(?P<kind>code|raw)-cell\}[^\n]*\n(?P<body>.*?)^(?P=fence)[ ]*$"
    r"|^\+\+\+[ ]*(?P<prose>\{[^\n]*\})[ ]*$",
    re.MULTILINE | re.DOTALL,
)


def _metadata(body: str) -> tuple[dict[str, Any], str]:
    """A cell's metadata, as `:key: value` lines or between `---` lines, and its source."""
    if match := re.match(r"---\n(.*?)^---\n", body, re.MULTILINE | re.DOTALL):
        return yaml.safe_load(match[1]) or {}, body[match.end() :].strip("\n")
    head = re.match(r"(?:^:[\w-]+:[^\n]*\n)*", body, re.MULTILINE)
    assert head is not None
    lines = [line[1:] for line in head[0].splitlines()]
    return yaml.safe_load("\n".join(lines)) or {}, body[head.end() :].strip("\n")


def _once(found: dict[str, Any], name: str, path: Path) -> dict[str, Any]:
    if name in found:
        raise CaseError(f"{path}: two cells have the grade id {name!r}; rename one")
    return found


def _add_cases(tests: dict[str, Test], name: str, source: str, path: Path) -> None:
    where = f"{path.name}, cases of {name}"
    if name not in tests:
        raise CaseError(f"{where}: no test cell {name!r} comes before; put the raw cell after its test cell")
    try:
        data = yaml.safe_load(source)
    except yaml.YAMLError as error:
        raise CaseError(f"{where}: not YAML: {' '.join(str(error).split())}") from None
    test = tests[name]
    tests[name] = Test(test.id, test.points, test.source, test.cases + read_cases(data, where))


def _check(tests: dict[str, Test], solutions: dict[str, str], path: Path) -> None:
    for test in tests.values():
        if not test.cases:
            raise CaseError(
                f"{path.name}: test cell {test.id!r} has no hidden cases; add a raw cell `:cases: {test.id}`"
            )
        for case in test.cases:
            if unknown := [name for name in case.given if name not in tests or name == test.id]:
                raise CaseError(
                    f"{path.name}, cases of {test.id}, {case.id}: `given` names {unknown[0]!r}, no other test cell; "
                    f"known are {', '.join(tests)}"
                )
        if test.function not in solutions:
            raise CaseError(
                f"{path.name}: test cell {test.id!r} tests no solution cell; known are {', '.join(solutions)}"
            )


def _definitions(source: str, path: Path) -> str:
    """Of a plain code cell, what later cells can need: imports, definitions, constants. Demonstrations are not run."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise CaseError(f"{path.name}: a code cell does not parse: {error}") from None
    wanted = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    kept = [node for node in tree.body if isinstance(node, wanted) or _is_constant(node)]
    return "\n".join(ast.unparse(node) for node in kept)


def _is_constant(node: ast.stmt) -> bool:
    """`NAME = value` with an all-capitals name."""
    return isinstance(node, ast.Assign) and all(isinstance(t, ast.Name) and t.id.isupper() for t in node.targets)
