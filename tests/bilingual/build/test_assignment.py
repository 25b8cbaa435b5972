"""The compiled assignment, which the grading engine reads."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from autograder import exercise
from autograder.editions import other_editions
from autograder.rewording import notebook_digest
from book.bilingual.build import assignment
from book.bilingual.build.build import build, load_plans
from book.bilingual.errors import ProblemsFound
from book.bilingual.gates.check import check

from ..conftest import Edit

SOURCE = "book/exercises/ex90_double.md"
COMPILED = "solutions/assignments/ex90_double.json"


def compiled(root: Path) -> dict[str, object]:
    return json.loads(assignment.compiled(load_plans(root, ("ex90_double",))[0]))


def test_an_exercise_is_compiled_with_its_cells_points_reference_and_cases(course: Path) -> None:
    data = json.loads((course / COMPILED).read_text(encoding="utf-8"))
    assert [(cell["kind"], cell["id"]) for cell in data["cells"]] == [
        ("plain", ""), ("solution", "double"), ("test", "test_double"),
    ]  # fmt: skip
    assert (data["tests"]["test_double"]["points"], data["manual"]) == (90, {"short_answer": 10})
    found = exercise.read(data, course / COMPILED)
    assert found.reference()["double"](4) == 8
    assert found.tests["test_double"].cases[0].call == "double"


def test_check_says_when_the_compiled_file_is_missing_or_stale(course: Path, edit: Edit) -> None:
    assert check(course, ("ex90_double",)) == []
    edit(SOURCE, "두 배여야 합니다.", "두 배가 되어야 합니다.")
    said = [str(problem) for problem in check(course, ("ex90_double",))]
    assert len(said) == 1 and f"{COMPILED}: differs from its source" in said[0]
    (course / COMPILED).unlink()
    assert f"{COMPILED}: is missing" in str(check(course, ("ex90_double",))[0])


def test_a_reworded_hint_is_built_without_a_run_and_grades_nobody_again(
    course: Path, edit: Edit
) -> None:
    before = compiled(course)
    edit(SOURCE, "두 배여야 합니다.", "두 배가 되어야 합니다.")
    built = build(course, ("ex90_double",))
    assert built.executed == {} and built.written == [COMPILED]
    assert compiled(course)["digest"] == before["digest"]


def test_a_reworded_hint_of_one_language_changes_that_edition_and_no_digest(
    course: Path, edit: Edit
) -> None:
    def releases() -> list[nbformat.NotebookNode]:
        paths = (course / "notebooks" / lang / "ex90_double.ipynb" for lang in ("ko", "en"))
        return [nbformat.read(path, as_version=4) for path in paths]

    before, digest = releases(), compiled(course)["digest"]
    assert len(other_editions(before[0], course, "ex90_double")) == 1
    edit(SOURCE, "Not twice.", "That is not twice.")
    built = build(course, ("ex90_double",))
    assert built.executed == {} and built.written == [
        "notebooks/en/ex90_double.ipynb",
        COMPILED,
        "solutions/en/ex90_double/ex90_double.ipynb",
    ]
    assert compiled(course)["digest"] == digest
    assert list(map(notebook_digest, releases())) == list(map(notebook_digest, before))


def test_points_code_and_cases_change_the_digest(course: Path, edit: Edit) -> None:
    seen = {str(compiled(course)["digest"])}
    for old, new in (
        ("return 2 * x", "return x + x"),
        ("271828", "314159"),
        ("name = function", "label = function"),
    ):
        edit(SOURCE, old, new)
        seen.add(str(compiled(course)["digest"]))
    assert len(seen) == 4


def test_of_plain_cells_only_definitions_are_kept_for_the_reference(
    course: Path, edit: Edit
) -> None:
    edit(SOURCE, "def attempt(", "import math\nLIMIT = 3\nboom = 1 / 1\nmath.tau\n\n\ndef attempt(")
    (kept,) = compiled(course)["definitions"]  # type: ignore[misc]
    assert (
        "import math" in kept
        and "LIMIT = 3" in kept
        and "boom" not in kept
        and "math.tau" not in kept
    )


def test_a_case_that_depends_on_no_test_cell_is_reported(course: Path, edit: Edit) -> None:
    edit(SOURCE, "  id: once\n", "  id: once\n  given: [test_triple]\n")
    with pytest.raises(ProblemsFound, match="`given` names 'test_triple'"):
        compiled(course)


def test_a_test_cell_without_cases_beside_others_is_reported(course: Path, edit: Edit) -> None:
    more = (
        "```{code-cell} ipython3\n:grade: {test: test_double__zero, points: 1}\nassert"
        " True\n```\n\n"
    )
    edit(SOURCE, '+++ {"lang": "ko", "grade"', more + '+++ {"lang": "ko", "grade"')
    with pytest.raises(ProblemsFound, match="'test_double__zero' has no hidden cases"):
        load_plans(course, ("ex90_double",))
