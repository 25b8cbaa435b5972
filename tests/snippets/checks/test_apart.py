"""The tools of each assignment go on working whatever names a notebook takes for itself."""

import builtins
import gc
import re
from types import FunctionType

import numpy as np
import pytest
import torch

from autograder import exercise

STARRED = {
    name: getattr(module, name)
    for module in (np, torch)
    for name in module.__all__
    if name in vars(builtins)
}


@pytest.fixture(params=exercise.names(), scope="module")
def of(request):
    return exercise.load(request.param)


def tools_of(of):
    """The cell of the assignment's tools that students find folded, and the notebook behind it."""
    source = next(cell.source for cell in of.cells if cell.kind == "snippets")
    notebook = {"__name__": "__main__"}
    exec(compile(source, f"<tools of {of.name}>", "exec"), notebook)
    return source, notebook


def test_star_imports_hide_names_of_python():
    assert {"sum", "max", "min", "abs", "all", "any", "round", "int", "float"} <= set(STARRED)


def test_no_function_of_the_cell_looks_into_the_notebook(of):
    _, notebook = tools_of(of)
    here = f"<tools of {of.name}>"
    functions = [each for each in gc.get_objects() if type(each) is FunctionType]
    seeing = [
        each.__qualname__
        for each in functions
        if each.__code__.co_filename == here and each.__globals__ is notebook
    ]
    assert seeing == []
    assert len(notebook["KEPT_APART"]) > 5


def test_visible_checks_pass_whatever_a_notebook_calls_its_own(of):
    tools, notebook = tools_of(of)
    shown = " ".join(cell.source for cell in of.cells if cell.kind in ("test", "plain"))
    hidden = set(re.findall(r"^(?:def|class) (\w+)", tools, re.MULTILINE)) - set(
        re.findall(r"\w+", shown)
    )
    own = STARRED | dict.fromkeys(hidden, "taken")
    assert len(hidden) > 3
    for cell in of.cells:
        if cell.kind != "snippets":
            during = notebook | own if cell.kind == "test" else notebook
            exec(compile(cell.source, f"<{cell.grade_id}>", "exec"), during)
            notebook |= {name: thing for name, thing in during.items() if name not in own}


def test_running_the_cell_again_leaves_the_notebooks_functions_alone(of):
    source, notebook = tools_of(of)
    mine = "def mine():\n    return later\nfrom torch import *"
    exec(compile(mine, "<mine>", "exec"), notebook)
    exec(compile(source, f"<tools of {of.name}>", "exec"), notebook)
    notebook["later"] = 3
    assert notebook["mine"]() == 3
