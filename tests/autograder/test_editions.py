import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.editions import nearest, other_editions


def edition(*prose, points=10, test="assert f(1)"):
    graded = {
        "grade_id": "test_f",
        "grade": True,
        "locked": True,
        "solution": False,
        "points": points,
    }
    cells = [new_markdown_cell(text) for text in prose]
    return new_notebook(cells=[*cells, new_code_cell(test, metadata={"nbgrader": graded})])


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
