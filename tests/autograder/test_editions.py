import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.editions import nearest, other_editions
from autograder.rewording import code_digest


def edition(*prose, points=10, test="assert f(1)", code=""):
    graded = {
        "grade_id": "test_f",
        "grade": True,
        "locked": True,
        "solution": False,
        "points": points,
    }
    cells = [new_markdown_cell(text) for text in prose]
    meta = {"nbgrader": graded} | ({"course": {"code": code}} if code else {})
    return new_notebook(cells=[*cells, new_code_cell(test, metadata=meta)])


KOREAN, ENGLISH = edition("하나", "둘"), edition("one", "two")


@pytest.mark.parametrize(
    ("prose", "wanted"),
    [(("one", "mine"), ENGLISH), (("둘",), KOREAN), ((), KOREAN), (("one", "둘"), KOREAN)],
)
def test_edition_that_shares_most_prose_is_taken_and_the_release_where_it_is_a_draw(prose, wanted):
    assert nearest([KOREAN, ENGLISH], edition(*prose).cells) is wanted


@pytest.mark.parametrize(
    ("found", "count"),
    [(ENGLISH, 1), (KOREAN, 0), (edition("one", points=99), 0), (edition("one", test="pass"), 0)],
)
def test_only_an_edition_with_the_same_graded_cells_counts(tmp_path, found, count):
    path = tmp_path / "notebooks" / "en" / "ex99.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(found, path)
    assert len(other_editions(KOREAN, tmp_path, "ex99")) == count


def test_editions_whose_tests_differ_in_their_hints_are_of_one_assignment(tmp_path):
    bilingual = 'assert f(1), hint("하나", "one")'
    code = code_digest(bilingual)
    korean = edition("하나", test='assert f(1), "하나"', code=code)
    english = edition("one", test='assert f(1), "one"', code=code)
    earlier = edition("하나", "둘", test=bilingual)
    path = tmp_path / "notebooks" / "en" / "ex99.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(english, path)
    for release, count in ((korean, 1), (earlier, 1), (edition("하나", test="assert f(1)"), 0)):
        assert len(other_editions(release, tmp_path, "ex99")) == count
    assert nearest([korean, english], edition(test='assert f(1), "one"').cells) is english
