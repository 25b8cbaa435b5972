"""A cell as Python alone: as IPython would run it."""

import pytest

from autograder import parsing

CELLS = {
    "k = (17\n% 5)": "k = (17\n% 5)",
    "files = !echo\nF.x?\ndef f(): pass": "files = None\npass\n\ndef f():\n    pass",
    ">>> def f():\n...     return 1": "def f():\n    return 1",
    "    def f():\n        return 1": "def f():\n    return 1",
    "v = %pwd": "v = None",
    "%time import sys; m = 3": "import sys\nm = 3",
    "%timeit -n 1 -r1 f(3)": "f(3)",
    'get_ipython().run_cell_magic("time", "", "m = 1")': "m = 1",
    "%matplotlib \\\n inline\nx = 1": "pass\nx = 1",
    "%%time\n%%capture\nx?\ny = 1": "pass\ny = 1",
    "%%writefile tools.py\nm = torch.max_pool2d": "m = torch.max_pool2d",
    "def g():\n    !ls\n    return 1": "def g():\n    pass\n    return 1",
    'H = """\n!pip install x"""': 'H = """\n!pip install x"""',
    "%%html\n<b>x</b>": "pass",
    "def f(:\n  !ls": "def f(:\n  !ls",  # no cell for IPython either
    "=%'def f():\t\ud800\\": "=%'def f():\t\ud800\\",  # IPython's reader: IndexError
    "v = %pwd\u2028y\nz": "v = None\ny\nz",  # and a warning
}


@pytest.mark.parametrize(("cell", "plain"), CELLS.items())
def test_a_cell_is_read_as_ipython_runs_it(cell: str, plain: str) -> None:
    assert parsing.without_magics(cell) == plain


def test_what_goes_to_a_shell_is_known() -> None:
    cell = "%%capture\n!pip install x \\\n  y\nfor i in z:\n    a = !ls {i}"
    assert [" ".join(command.split()) for command in parsing.plain(cell).shell] == [
        "pip install x y",
        "ls {i}",
    ]
    assert parsing.plain("%%bash\n# list\nls\n\nid").shell == ("ls", "id")


def test_layout_and_comments_are_no_change() -> None:
    assert parsing.bare("x=1  # one") == parsing.bare("x = 1") != parsing.bare("x = 2")


def test_a_cell_with_too_many_lines_of_ipythons_is_said_to_be_unread() -> None:
    many = "!ls\n" * 100
    assert parsing.unread(["x = 1", many, "!ls", "% 5\n" * 100 + "x"]) == {1, 3}
    assert parsing.without_magics(many) == many
    assert parsing.unread(["(1\n" + "% 5\n" * 100 + ")"]) == set()  # Python itself reads it
