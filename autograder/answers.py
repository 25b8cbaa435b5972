"""The answer library: right and wrong answers to each assignment as files, with the points a
careful teacher gives.

`autograder/answers/<assignment>/<name>.py` opens with a docstring: a title, an empty line, then
YAML with

    language: ko                     the edition that this student worked in, ko or en
    points: 84                       of the automatic points, as the teacher gives them
    loses:                           test id → part of the hint that must appear; {} if it is right
      test_gap_mean__layout: view
    rest: reference                  cells not given: the reference's, or `stub` as released
    student: "20260103"              optional: belongs to the sample class under this student id
    short_answer: …                  optional: text for the manually graded cell

and goes on with cells, each after a line `# cell: <grade id>`. `python -m autograder.prove` grades
them all, and the mutants of the reference, and prints one table.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from autograder import exercise, judge
from autograder.errors import AnswerError, PointsError
from autograder.exercise import Exercise
from autograder.probe import entry
from autograder.stubs import CODE_STUB
from autograder.verdict import Verdict

ANSWERS = Path(__file__).resolve().parent / "answers"
_KEYS = {"language", "points", "loses", "rest", "student", "short_answer"}
_SOLUTION = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION\n.*?### END SOLUTION", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Answer:
    """One student's answer; `cells` maps grade ids to sources."""

    assignment: str
    name: str
    title: str
    language: str
    points: float
    loses: Mapping[str, str]
    rest: str
    student: str | None
    short_answer: str | None
    cells: Mapping[str, str]

    def sources(self, of: Exercise) -> dict[str, str]:
        """The source of every solution cell, as the student hands it in."""
        return {
            name: self.cells.get(name, self._untouched(name, source))
            for name, source in of.solutions.items()
        }

    def _untouched(self, name: str, source: str) -> str:
        if self.rest == "reference":
            return "\n".join(line for line in source.splitlines() if "### " not in line)
        stub = CODE_STUB[self.language].splitlines()
        return _SOLUTION.sub(lambda match: "\n".join(match[1] + line for line in stub), source)


def load_answers(assignment: str, folder: Path = ANSWERS) -> list[Answer]:
    """All answers to an assignment, by file name. Raises `AnswerError` when a file is wrong."""
    of = exercise.load(assignment)
    return [read_answer(path, of) for path in sorted((folder / assignment).glob("*.py"))]


def read_answer(path: Path, of: Exercise) -> Answer:
    """One file of the library. Raises `AnswerError` naming the file, what is wrong and the mend."""
    text = path.read_text(encoding="utf-8")
    title, head = _head(path, text)
    if unknown := set(head) - _KEYS:
        raise AnswerError(
            f"{path.name}: unknown key {sorted(unknown)[0]!r}; known are {', '.join(sorted(_KEYS))}"
        )
    if head.get("language") not in ("ko", "en"):
        raise AnswerError(f"{path.name}: language is {head.get('language')!r}; write ko or en")
    if head.get("rest", "reference") not in ("reference", "stub"):
        raise AnswerError(f"{path.name}: rest is {head['rest']!r}; write reference or stub")
    cells = dict(_cells(text))
    loses = head.get("loses") or {}
    for kind, names, known in (("cell", cells, of.solutions), ("loses", loses, of.tests)):
        if unknown := set(names) - set(known):
            raise AnswerError(
                f"{path.name}: {kind} {sorted(unknown)[0]!r} is unknown; known are"
                f" {', '.join(known)}"
            )
    points = of.points - sum(of.tests[test].points for test in loses)
    if head.get("points") != points:
        raise PointsError(
            f"{path.name}: points is {head.get('points')!r}, but the tests in `loses` leave"
            f" {points:g}. If the assignment is weighed otherwise now, `python -m"
            " autograder.answers --fix` writes that into every answer."
        )
    student = None if head.get("student") is None else str(head["student"])
    return Answer(
        of.name, path.stem, title, head["language"], float(points), loses,
        head.get("rest", "reference"),
        student, head.get("short_answer"), cells,
    )  # fmt: skip


def _head(path: Path, text: str) -> tuple[str, dict[str, Any]]:
    try:
        docstring = ast.get_docstring(ast.parse(text))
    except SyntaxError:  # an answer may hold one; its opening docstring is then read as text
        match = re.match(r'\s*"""(.*?)"""', text, re.DOTALL)
        docstring = match[1] if match else None
    if not docstring:
        raise AnswerError(
            f"{path.name}: no docstring; open the file with a title, an empty line and YAML"
        )
    title, _, rest = docstring.partition("\n\n")
    try:
        head = yaml.safe_load(rest)
    except yaml.YAMLError as error:
        raise AnswerError(
            f"{path.name}: the docstring is not YAML: {' '.join(str(error).split())}"
        ) from None
    if not isinstance(head, dict):
        raise AnswerError(
            f"{path.name}: after the title and an empty line the docstring holds YAML keys, not"
            f" {head!r}"
        )
    return " ".join(title.split()), head


def _cells(text: str) -> Iterator[tuple[str, str]]:
    parts = re.split(r"^# cell: (\w+)[ ]*$", text, flags=re.MULTILINE)
    for name, source in zip(parts[1::2], parts[2::2], strict=True):
        yield name, source.strip("\n")


def notebook(answer: Answer, released: Any) -> Any:
    """The student's notebook: the released one (an nbformat notebook) with the answer's cells
    filled in.
    """
    handed_in = copy.deepcopy(released)
    sources = answer.sources(exercise.load(answer.assignment))
    for cell in handed_in.cells:
        graded = cell.metadata.get("nbgrader", {})
        if graded.get("grade_id") in sources and graded.get("solution"):
            cell.source = sources[graded["grade_id"]]
        elif cell.cell_type == "markdown" and graded.get("grade") and answer.short_answer:
            cell.source = answer.short_answer
    return handed_in


@dataclass(frozen=True)
class Outcome:
    """What became of one test cell: what the student sees, visible test and hidden cases taken
    together.
    """

    points: float
    hidden: Verdict
    visible: str  # the visible test's message, empty when it passed

    @property
    def message(self) -> str:
        problem = self.hidden.problem
        return "\n".join(
            part for part in (self.visible, str(problem.hint) if problem else "") if part
        )


def grade(answer: Answer, submission: str = "") -> dict[str, Outcome]:
    """Run the whole notebook in this process and judge every test cell. For trusted code: the
    library's own.
    """
    of = exercise.load(answer.assignment)
    sources = answer.sources(of)
    return grade_sources(of, sources, submission or answer.name)


def grade_sources(
    of: Exercise, sources: Mapping[str, str], submission: str = "", visible: bool = True
) -> dict[str, Outcome]:
    """As `grade`, for solution cells given by grade id; `visible=False` leaves the notebook's own
    tests out.
    """
    namespace: dict[str, Any] = {"__name__": "__main__", **of.snippet_names()}
    said: dict[str, str] = {}
    cells = []
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in of.cells:
            if cell.kind == "snippets":
                continue  # defined above
            source = (
                sources.get(cell.grade_id, cell.source) if cell.kind == "solution" else cell.source
            )
            cells.append(source)
            if cell.kind != "test" or visible:
                message = _run(source, namespace)
                said |= {cell.grade_id: message} if cell.kind == "test" else {}
        outcomes = {}
        for test in of.tests.values():
            verdict = judge.judge_test(
                of,
                test,
                lambda request: entry.answer(request, namespace),
                submission=submission,
                cells=cells,
            )
            points = 0.0 if said.get(test.id) else verdict.points
            outcomes[test.id] = Outcome(points, verdict, said.get(test.id, ""))
    return outcomes


def _run(source: str, namespace: dict[str, Any]) -> str:
    """Execute a cell; the error's text, empty when there is none."""
    try:
        exec(compile(source, "<cell>", "exec", dont_inherit=True), namespace)
    except (Exception, SystemExit) as error:
        return (
            str(error) if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"
        )
    return ""


def complaints(answer: Answer, outcomes: Mapping[str, Outcome]) -> list[str]:
    """How the grader disagrees with the teacher; empty when it does not."""
    found = []
    for test, outcome in outcomes.items():
        wanted = answer.loses.get(test)
        if wanted is None and outcome.points == 0:
            found.append(f"{test} lost: {outcome.message.splitlines()[0]}")
        elif wanted is not None and outcome.hidden.passed:
            found.append(f"{test} kept by the hidden cases")
        elif wanted is not None and wanted not in outcome.message:
            found.append(f"{test}: no {wanted!r} in {outcome.message!r}")
    return found


def check(folder: Path = ANSWERS, fix: bool = False) -> list[str]:
    """What is wrong in the library, one line per file; `fix` writes points that no longer fit. For
    `make check`.
    """
    found = []
    for path in sorted(folder.glob("*/*.py")):
        of = exercise.load(path.parent.name)
        try:
            read_answer(path, of)
        except PointsError as error:
            if fix:
                _write_points(path, of)
            else:
                found.append(f"{path.parent.name}/{error}")
        except AnswerError as error:
            found.append(f"{path.parent.name}/{error}")
    return found


def _write_points(path: Path, of: Exercise) -> None:
    text = path.read_text(encoding="utf-8")
    lost = _head(path, text)[1].get("loses") or {}
    points = of.points - sum(of.tests[test].points for test in lost)
    text, count = re.subn(r"^points:.*$", f"points: {points:g}", text, count=1, flags=re.MULTILINE)
    if not count:
        raise AnswerError(
            f"{path.name}: no line begins with `points:`; write `points: {points:g}` into the"
            " docstring"
        )
    path.write_text(text, encoding="utf-8")
    print(f"{path.parent.name}/{path.name}: points: {points:g}")


def main(arguments: list[str]) -> int:
    """`python -m autograder.answers [--fix]`: do the points of every answer follow from the tests
    that it loses?
    """
    if arguments not in ([], ["--fix"]):
        print("usage: python -m autograder.answers [--fix]", file=sys.stderr)
        return 2
    found = check(fix=bool(arguments))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
