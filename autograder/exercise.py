"""An assignment with hidden cases, as the build compiled it: cells, points, reference, cases.
Trusted side only.

`python -m book.bilingual build` writes one file per exercise, `solutions/assignments/<name>.json`;
another course may write its own and name their folder in `$AUTOGRADER_ASSIGNMENTS`. Format 1, an
object with

    format, name, source     1; the assignment's name; the file that its author edits, for messages
    cells                    its code cells in order: {kind: solution | test | snippets | plain,
        id: grade id, source}
    definitions              what the reference solution needs of the plain cells: imports,
    definitions, constants
    tests                    grade id → {points,
        cases}; a case is an object as CASES.md describes it
    manual                   grade id of a cell that a person grades → its points
    digest                   of all this but its hints: what the points depend on
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import settings
from autograder.cases import Case
from autograder.errors import CaseError
from autograder.kinds import read_cases

ROOT = settings.ROOT
FORMAT = 1
ONLY_DRAWS = "only-draws"  # the tag of a released cell on which nothing graded depends
_REBUILD = "build it: python -m book.bilingual build"


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
    """One assignment; `path` is its compiled file, `digest` that of all but its hints."""

    name: str
    path: Path
    cells: tuple[CodeCell, ...]  # all code cells in order
    tests: Mapping[str, Test]
    manual: Mapping[str, float]
    shared: tuple[str, ...]  # definitions from the plain cells, in order
    digest: str
    _cache: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def solutions(self) -> dict[str, str]:
        """The source of each solution cell, markers included, by grade id."""
        return {cell.grade_id: cell.source for cell in self.cells if cell.kind == "solution"}

    @property
    def points(self) -> float:
        """Automatic points."""
        return sum(test.points for test in self.tests.values())

    @property
    def asked(self) -> frozenset[str]:
        """All words of the hidden cases: a name that they look up among the student's is one."""
        if "asked" not in self._cache:
            text = " ".join(f"{test.function} {test.cases!r}" for test in self.tests.values())
            self._cache["asked"] = frozenset(re.findall(r"\w+", text))
        words: frozenset[str] = self._cache["asked"]
        return words

    def reference(self) -> dict[str, Any]:
        """The namespace in which the reference solution is defined. Made once."""
        if "reference" not in self._cache:
            self._cache["reference"] = self.namespace({})
        reference: dict[str, Any] = self._cache["reference"]
        return reference

    def namespace(self, replaced: Mapping[str, str]) -> dict[str, Any]:
        """Imports, snippets and definitions of the notebook, with some solution cells' sources
        replaced.
        """
        namespace: dict[str, Any] = {"__name__": f"reference_{self.name}", **self.snippet_names()}
        for number, source in enumerate(
            [*self.shared, *(self.solutions | dict(replaced)).values()]
        ):
            exec(compile(source, f"<{self.name} {number}>", "exec", dont_inherit=True), namespace)
        return namespace

    def snippet_names(self) -> dict[str, Any]:
        """What the cells with inlined helpers define. Made once."""
        if "snippets" not in self._cache:
            namespace: dict[str, Any] = {"__name__": f"snippets_{self.name}"}
            for cell in self.cells:
                if cell.kind == "snippets":
                    exec(
                        compile(cell.source, f"<{self.name} snippets>", "exec", dont_inherit=True),
                        namespace,
                    )
            self._cache["snippets"] = {
                name: value for name, value in namespace.items() if not name.startswith("__")
            }
        names: dict[str, Any] = self._cache["snippets"]
        return names


def folder() -> Path:
    """Where the compiled assignments lie: `$AUTOGRADER_ASSIGNMENTS`, else this project's."""
    return settings.ASSIGNMENTS()


def is_compiled(name: str) -> bool:
    """Whether there is an assignment with hidden cases of this name."""
    return (folder() / f"{name}.json").is_file()


def names() -> list[str]:
    """All assignments that are compiled."""
    return sorted(path.stem for path in folder().glob("*.json"))


def load(name: str) -> Exercise:
    """The assignment called `name`. Raises `CaseError` when it is not compiled, or wrongly."""
    return _load(name, folder())


@functools.lru_cache(maxsize=32)
def _load(name: str, where: Path) -> Exercise:
    path = where / f"{name}.json"
    if not path.is_file():
        known = ", ".join(names()) or "none"
        raise CaseError(
            f"no assignment is called {name!r}: {path} is missing; known are {known}. If new,"
            f" {_REBUILD}."
        )
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CaseError(f"{path} is no JSON ({error}); {_REBUILD} {name}") from None
    return read(data, path)


def read(data: dict[str, Any], path: Path) -> Exercise:
    """An assignment from its compiled form, which lies at `path`. Raises `CaseError` for a wrong
    case.
    """
    if data.get("format") != FORMAT:
        raise CaseError(
            f"{path} has the format {data.get('format')!r}, not {FORMAT}; {_REBUILD} {path.stem}"
        )
    cells = tuple(CodeCell(cell["kind"], cell["id"], cell["source"]) for cell in data["cells"])
    visible = {cell.grade_id: cell.source for cell in cells if cell.kind == "test"}
    source = Path(data["source"]).name
    tests = {
        name: Test(
            name,
            test["points"],
            visible[name],
            read_cases(test["cases"], f"{source}, cases of {name}"),
        )
        for name, test in data["tests"].items()
    }
    for test in tests.values():
        for case in test.cases:
            if unknown := [name for name in case.given if name not in tests or name == test.id]:
                raise CaseError(
                    f"{source}, cases of {test.id}, {case.id}: `given` names {unknown[0]!r}, no"
                    f" other test cell; known are {', '.join(tests)}"
                )
    return Exercise(
        data["name"], path, cells, tests, data["manual"], tuple(data["definitions"]), data["digest"]
    )
