"""What is taken of a cell that stopped at something that is not there, and what is not."""

import pytest

from autograder.parsing import definitions

READ = "table = read('a.csv')\n"
DEF = "def f(x): return x\n"


def names(source):
    """What executing the taken text binds, torch and its like apart."""
    import torch
    from torch import nn

    space = {"torch": torch, "nn": nn, "earlier": 7}
    before = set(space) | {"__builtins__"}
    exec(definitions(source), space)
    return set(space) - before


@pytest.mark.parametrize(
    "line",
    [
        "A = (2, 3)",
        "A: tuple = (2, 3)",
        "A = earlier + 1",
        "A = lambda x, d=(2, 3): table.mean(d)",
        "A = f",
        "A = nn.Sequential(nn.Flatten())",
        "from torch.nn import Flatten as Flat\nA = Flat()",
        "import functools\nA = functools.partial(f, 1)",
        "A = torch.device('cuda' if torch.cuda.is_available() else 'cpu')",
        "class C: n = 2\nA = C()\nB = [A.n, A]",
        "if True:\n    def A(x): return x\n    print(1)",
        "if earlier: A = 1\nelse: A = 2",
        "A = (2, 3)\nprint(A[0], torch.rand(A))",
        "@table\ndef f(x): return x\nA = 1",
    ],
)
def test_what_cannot_depend_on_what_is_missing_is_taken(line):
    assert "A" in names(READ + DEF + line)


@pytest.mark.parametrize(
    "line",
    [
        "A = len(table)",
        "A = table",
        "A = f(1)",
        "n = table.n\nA = n + 1",
        "A = (2, 3)\nA = table",
        "A = [1]\nA.append(table)",
        "A = [1]\nA[0] = table",
        "A = [1]\nfor row in table: A.append(row)",
        "A = 1\nA += table",
        "A = nn.Linear(1, 1)\nA.load_state_dict(read('w.pt'))",
        "w = nn.Linear(1, 1)\nw.weight.data = table\nA = nn.Sequential(w)",
        "A = torch.load('w.pt')",
        "A = [table for _ in range(3)]",
        "A = lambda x, d=table: x",
        "if len(table):\n    def A(x): return x",
        "for i in range(3):\n    A = i",
    ],
)
def test_what_may_depend_on_it_is_not(line):
    assert "A" not in names(READ + DEF + line)


def test_each_stands_alone_and_the_future_comes_first():
    source = READ + "from __future__ import annotations\nclass L(nowhere.Base): pass\n" + DEF
    assert names(source) == {"annotations", "f"}


@pytest.mark.parametrize("source", [READ, READ + "import os", "x = ("])
def test_nothing_is_taken_where_there_is_nothing(source):
    assert definitions(source) == ""


def test_a_long_chain_leaves_the_definitions_alone():
    chain = "\n".join(f"a{i} = a{i + 1}" for i in range(5000))
    assert names(DEF + chain + "\n" + READ.replace("table", "a5000")) == {"f"}


def test_a_cell_that_is_too_deep_is_left():
    assert definitions(READ + "x = " + "(" * 3000 + "1" + ")" * 3000) == ""
    assert definitions(READ + "x = " + "-" * 20000 + "1") == ""
    assert isinstance(definitions(READ + DEF + "x = 1" + "+1" * 2000), str)
