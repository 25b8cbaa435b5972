"""What of a repaired notebook is run, and in which order: the release's own cells as they were
given out, the student's cells, and a mark where each test stands.
"""

import functools
import re
import symtable
from collections.abc import Collection
from typing import Any

from nbformat import NotebookNode

from .. import exercise, parsing
from .session import Cell, Mark

_INSTALL = re.compile(
    r"^([ \t]*)[!%][ \t]*(?:sudo[ \t]+)?(?:(?:python3?|\{sys\.executable\})[ \t]+-m[ \t]+)?"
    r"(?:pip3?|conda|mamba|apt|apt-get)\b(?:\\\n|[^\n])*",
    re.MULTILINE,
)
_DEFINITION = re.compile(r"^(?:async[ ]+)?(?:def|class)[ ]+(\w+)", re.MULTILINE)
_RESET = re.compile(r"^[ \t]*%reset", re.MULTILINE)


def meta(cell: NotebookNode) -> dict[str, Any]:
    """nbgrader's metadata of a cell."""
    return cell.metadata.get("nbgrader") or {}


def is_test(cell: NotebookNode) -> bool:
    """Whether a cell's points come from hidden cases."""
    return (
        bool(meta(cell).get("grade"))
        and not meta(cell).get("solution")
        and cell.cell_type == "code"
    )


def name_of(notebook: NotebookNode, index: int) -> str:
    """What a cell is called in reports: its grade id, else its number."""
    return str(meta(notebook.cells[index]).get("grade_id") or f"number {index + 1}")


def without_installs(source: str) -> str:
    """A cell whose lines that install something do nothing: that needs a network, which is not
    there.
    """
    return source if _is_python(source) else _INSTALL.sub(r"\1pass", source)


@functools.lru_cache(maxsize=256)  # most cells of a class are those that were given out
def _is_python(source: str) -> bool:
    return parsing.parse(source) is not None


def steps(
    notebook: NotebookNode, release: NotebookNode, tests: Collection[str]
) -> list[Cell | Mark]:
    """The cells in the notebook's order. A cell of the release that the student has changed runs
    twice: as it was given out, whatever was put in front of it or into it, and as it was handed in.
    A visible test runs, behind its mark, only where a later cell uses a name that it defines. A
    function whose name is taken by something else before its tests has marks behind its own cell,
    too. An unchanged cell of the release that only draws is not run.
    """
    given = {
        cell.get("id", f"cell-{n}"): cell.source
        for n, cell in enumerate(release.cells)
        if not meta(cell)
    }
    drawings = {
        cell.get("id"): cell.source
        for cell in release.cells
        if exercise.ONLY_DRAWS in cell.metadata.get("tags", [])
    }
    effects, taken = _tests_with_effects(notebook), _taken_before_tests(notebook)
    made: list[Cell | Mark] = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        if is_test(cell):
            if meta(cell)["grade_id"] in tests:
                made.append(Mark(meta(cell)["grade_id"]))
            if index in effects:
                made.append(Cell(index, cell.source, quiet=True))
            continue
        if drawings.get(cell.get("id")) == cell.source:
            continue
        released = given.get(cell.get("id"))
        if released is not None and released != cell.source:
            made.append(Cell(index, released, needed=True, quiet=True))
        if cell.source.strip():
            source = without_installs(cell.source)
            made.append(Cell(index, source, needed=released is not None or bool(meta(cell))))
            made += [
                Mark(test)
                for test in taken.get(meta(cell).get("grade_id", ""), ())
                if test in tests
            ]
    return made


def _taken_before_tests(notebook: NotebookNode) -> dict[str, list[str]]:
    """Function to its tests, where a cell of the student's own between them binds its name or
    clears all names.
    """
    found: dict[str, list[str]] = {}
    taken: dict[str, bool] = {}  # of the functions so far
    if parsing.unread([cell.source for cell in notebook.cells if cell.cell_type == "code"]):
        return found
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        name = str(meta(cell).get("grade_id", ""))
        if is_test(cell):
            function = name.removeprefix("test_").partition("__")[0]
            if taken.get(function):
                found.setdefault(function, []).append(name)
        elif name:
            taken[name] = False
        else:
            defines = binds(cell.source)
            for function in taken:
                taken[function] |= function in defines or bool(_RESET.search(cell.source))
    return found


def _tests_with_effects(notebook: NotebookNode) -> set[int]:
    """Indices of the test cells that define what a later cell, or a later one of them, uses."""
    found, wanted = set[int](), set[str]()
    if parsing.unread([cell.source for cell in notebook.cells if cell.cell_type == "code"]):
        return found
    for index, cell in reversed(list(enumerate(notebook.cells))):
        if cell.cell_type != "code":
            continue
        defines, uses = _names(cell.source)
        if not is_test(cell):
            wanted = wanted | (uses - defines)
        elif defines & wanted:
            found.add(index)
            wanted |= uses - defines
    return found


@functools.lru_cache(maxsize=256)
def _names(source: str) -> tuple[set[str], set[str]]:
    """Global names that a cell binds at its top level, and those that it looks up anywhere. Not to
    be changed.
    """
    if len(source) > parsing.MAX_CELL:
        return set(), set()
    try:
        top = symtable.symtable(parsing.without_magics(source), "<cell>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(), set()
    defines = {
        name.get_name() for name in top.get_symbols() if name.is_assigned() or name.is_imported()
    }
    uses = {name.get_name() for name in top.get_symbols() if name.is_referenced()}
    waiting = list(top.get_children())
    while waiting:
        table = waiting.pop()
        uses |= {
            name.get_name()
            for name in table.get_symbols()
            if name.is_global() and name.is_referenced()
        }
        waiting += table.get_children()
    return defines, uses


def uses(source: str) -> set[str]:
    """Global names that a cell looks up; none if it cannot be parsed."""
    return _names(source)[1]


def binds(source: str) -> set[str]:
    """Global names that a cell binds at its top level; of one that cannot be parsed, its functions
    and classes.
    """
    return _names(source)[0] or set(_DEFINITION.findall(source[: parsing.MAX_CELL]))
