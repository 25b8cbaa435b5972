"""Which cells run, in which order, and where the tests are asked."""

import nbformat
from nbformat import NotebookNode

from autograder.engine import script
from autograder.engine.session import Cell, Mark


def code(source: str, cell_id: str, **meta: object) -> NotebookNode:
    cell = nbformat.v4.new_code_cell(source, metadata={"nbgrader": meta} if meta else {})
    cell["id"] = cell_id
    return cell


def solution(source: str) -> NotebookNode:
    return code(source, "f", grade_id="f", solution=True, grade=False)


def test(source: str) -> NotebookNode:
    return code(source, "test_f", grade_id="test_f", solution=False, grade=True)


test.__test__ = False  # type: ignore[attr-defined]


def steps(*cells: NotebookNode, released: str = "import torch") -> list[Cell | Mark]:
    release = nbformat.v4.new_notebook(
        cells=[code(released, "imports"), solution("stub"), test("assert f()")]
    )
    return script.steps(nbformat.v4.new_notebook(cells=list(cells)), release, {"test_f"})


def test_changed_cell_of_the_release_runs_as_released_first() -> None:
    found = steps(code("import wandb\nimport torch", "imports"))
    assert found == [
        Cell(0, "import torch", needed=True, quiet=True),
        Cell(0, "import wandb\nimport torch", needed=True),
    ]


def test_unchanged_cell_runs_once_and_own_cells_are_not_needed() -> None:
    assert steps(code("import torch", "imports"), code("1 + 1", "own")) == [
        Cell(0, "import torch", needed=True),
        Cell(1, "1 + 1"),
    ]


def test_cell_that_only_draws_runs_only_where_the_student_changed_it() -> None:
    drawn = code("slow_picture()", "drawn")
    drawn.metadata["tags"] = ["only-draws"]
    release = nbformat.v4.new_notebook(cells=[drawn])
    own = nbformat.v4.new_notebook(cells=[code("slow_picture(2)", "drawn")])
    assert script.steps(release, release, set()) == []
    assert script.steps(own, release, set())[-1].source == "slow_picture(2)"  # type: ignore[union-attr]


def test_test_is_asked_where_it_stands() -> None:
    answer = solution("def f(): pass")
    assert steps(answer, test("assert f()"), code("del f", "own"))[1] == Mark("test_f")


def test_function_whose_name_is_taken_before_its_test_is_asked_behind_its_cell_too() -> None:
    for taking in ("f = f()", "%reset -f", "del f", "def f(x): return x"):
        found = steps(solution("def f(): pass"), code(taking, "own"), test("assert f()"))
        assert [type(step) for step in found] == [Cell, Mark, Cell, Mark]


def test_visible_test_runs_only_where_a_later_cell_uses_what_it_defines() -> None:
    visible = test("x = f()\nassert x")
    assert Cell(1, visible.source, quiet=True) in steps(
        solution("def f(): pass"), visible, code("print(x)", "own")
    )
    for later in ("x = 2\nprint(x)", "def g(x):\n    return x", "print(y)"):
        assert len(steps(solution("def f(): pass"), visible, code(later, "own"))) == 3


def test_installing_on_several_lines_is_left_out_whole_and_a_text_is_not() -> None:
    for given, run in (
        ("!pip install a \\\n  b\nx = 1", "pass\nx = 1"),
        ("!{sys.executable} -m pip install a", "pass"),
        ("!sudo apt-get -y install a && \\\n  fc-cache", "pass"),
        ('H = """\n!pip install a"""', 'H = """\n!pip install a"""'),
    ):
        assert script.without_installs(given) == run


def test_installing_is_left_out() -> None:
    assert steps(code("!pip install einops\nimport einops", "own")) == [
        Cell(0, "pass\nimport einops")
    ]
