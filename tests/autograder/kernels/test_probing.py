"""A cell that is Python is not read by IPython's own reader first; what that would change is."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder.kernels import probing

ROOT = Path(__file__).resolve().parents[3]
CELLS = (
    "1", "x = 1\n", "", "\n\nx", "  # indented\ns = '''\n  a'''", "In [1]: x", "In [1]: 5\nx = 2",
    ">>> x\n1", "%time x", "%%time\nx", "a = %pwd", "a = !ls", "!ls", "x?", "?x", "x??", "/f 1",
    ",f a b", ";f a", "x = (5\n% 3)", "x = '''\n%time\n!ls\n'''", "await f()", "def f():\n\tx\n",
    "x = 1 \\\n  + 2", "x\n\n\n", "x  # ?", "'\\d'", "if x:\n  %time y", "x;", "print(1);", "\fx",
    "x\r\ny", "... x", "# only a comment", "lambda: 0", "f'{x!r}'", "f\"{x}\" ?",
)  # fmt: skip


def _cells() -> Iterator[str]:
    yield from CELLS
    for path in sorted((ROOT / "notebooks" / "en").glob("*.ipynb"))[:4]:
        notebook = nbformat.read(path, as_version=4)
        yield from (cell.source for cell in notebook.cells if cell.cell_type == "code")


def test_every_cell_is_read_as_ipython_reads_it() -> None:
    with warnings.catch_warnings(record=True) as said:
        quick, stock = TransformerManager(), TransformerManager()
        probing.read_python_as_it_is(quick)
        for cell in _cells():
            assert quick.transform_cell(cell) == stock.transform_cell(cell), cell
    assert said == []
    assert probing._is_plain("x = 1") and not any(map(probing._is_plain, ("!ls", "", " x")))


@pytest.mark.parametrize("kind", ["cleanup_transforms", "line_transforms"])
def test_a_reader_of_the_students_own_is_asked(kind: str) -> None:
    manager = TransformerManager()
    probing.read_python_as_it_is(manager)
    getattr(manager, kind).append(lambda lines: [line.replace("one", "1") for line in lines])
    assert manager.transform_cell("x = one") == "x = 1\n"
