"""A hint's wording changes no digest; everything else does."""

import ast

import nbformat
import pytest

from autograder import rewording

CODE = 'assert y == 1, hint("하나가 아닙니다", f"not one, but {y}")\n'


@pytest.mark.parametrize(
    "other",
    [
        CODE.replace("하나가 아닙니다", "하나여야 합니다"),
        CODE.replace("not one, but {y}", "{y} is not one"),
        CODE.replace('f"not one, but {y}"', 'f"want one, " + f"got {y}"').replace(
            ' + f"got', ' f"got'
        ),
    ],
)
def test_another_wording_gives_the_same_code(other):
    assert other != CODE
    assert rewording.code_without_hints(other) == rewording.code_without_hints(CODE)


@pytest.mark.parametrize(
    "other",
    [
        CODE.replace("y == 1", "y == 2"),
        CODE.replace("{y}", "{x}"),
        CODE.replace("hint(", "note("),
        CODE + "print('one')\n",
    ],
)
def test_another_program_gives_other_code(other):
    assert rewording.code_without_hints(other) != rewording.code_without_hints(CODE)


def test_code_without_hints_and_code_that_does_not_parse_stay_as_they_are():
    for source in ("x = 1  # one", "%pip install hint(", "print( 'hint' )"):
        assert rewording.code_without_hints(source) == source


def test_hints_of_cases_and_of_foreseen_mistakes_are_left_out():
    case = {"id": "a", "hint": {"ko": "가"}, "mistakes": [{"equals": "x", "hint": {"ko": "나"}}]}
    assert rewording.cases_without_hints([case]) == [{"id": "a", "mistakes": [{"equals": "x"}]}]


def test_a_release_is_the_same_after_a_rewording_and_another_after_a_change_of_points_or_prose():
    def release(
        code: str = CODE, points: int = 5, prose: str = "Why?", checksum: str = "1"
    ) -> nbformat.NotebookNode:
        cells = [
            nbformat.v4.new_markdown_cell(prose, id="a"),
            nbformat.v4.new_code_cell(code, id="b"),
        ]
        cells[1].metadata["nbgrader"] = {
            "grade_id": "test_y",
            "points": points,
            "checksum": checksum,
        }
        return nbformat.v4.new_notebook(cells=cells)

    reworded = release(CODE.replace("not one", "wanted one"), checksum="2")
    assert rewording.notebook_digest(reworded) == rewording.notebook_digest(release())
    for other in (release(points=6), release(prose="How?"), release("y = 1")):
        assert rewording.notebook_digest(other) != rewording.notebook_digest(release())


def test_a_cell_is_known_by_what_the_build_recorded_and_else_by_its_code():
    both = nbformat.v4.new_code_cell(CODE)
    english = nbformat.v4.new_code_cell('assert y == 1, f"not one, but {y}"')
    assert rewording.cell_digest(english) != rewording.cell_digest(both)
    english.metadata["course"] = {"code": rewording.code_digest(CODE)}
    assert rewording.cell_digest(english) == rewording.cell_digest(both)


def test_a_release_edited_after_the_build_is_another_one_unless_only_a_text_changed():
    def release(code: str) -> nbformat.NotebookNode:
        cell = nbformat.v4.new_code_cell(code, id="b")
        cell.metadata["course"] = {"code": "as built"}
        return nbformat.v4.new_notebook(cells=[cell])

    built = rewording.notebook_digest(release('why = f"{name}: a sum"\ncheck(y, why)'))
    said_otherwise = release('why = "no sum of " f"{name}"\ncheck(y, why)')
    assert rewording.notebook_digest(said_otherwise) == built
    assert rewording.notebook_digest(release('why = f"{name}: a sum"\ncheck(x, why)')) != built


def test_a_tree_is_the_same_text_on_every_python():
    """As Python 3.11 says it; 3.12 and 3.13 each say it otherwise."""
    definition = (
        "FunctionDef(name='f', args=arguments(posonlyargs=[], args=[arg(arg='a')], kwonlyargs=[],"
        " kw_defaults=[], defaults=[]), body=[Pass()], decorator_list=[])"
    )
    assert rewording.dumped(ast.parse("def f(a): pass").body[0]) == definition
