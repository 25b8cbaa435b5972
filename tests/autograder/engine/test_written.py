"""A notebook's text is what nbformat writes."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.engine import written

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "notebooks").rglob("ex0*.ipynb")), ids=lambda path: path.stem
)
def test_texts_of_the_course_are_those_of_nbformat(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert written.text(notebook) == nbformat.writes(notebook)


OUTPUTS = [
    new_output("stream", text="a\r\nb\x0bc\u2028d\n\n"),
    new_output("stream", text=""),
    new_output("error", ename="E", evalue='"\\\x00\x1f\x7f\ud800', traceback=["x\ny"]),
    new_output(
        "execute_result",
        data={
            "text/plain": "1\n2",
            "image/svg+xml": "<svg>\n</svg>",
            "image/png": "a\nb",
            "application/json": {"a": [1, 2.5, 1e300, float("nan"), None, True, {}, [], [[]]]},
        },
        execution_count=3,
        metadata={"ü": "한"},
    ),
    new_output("display_data", data={}),
]


@pytest.mark.filterwarnings("ignore:Non-unique cell id")
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"id": "same"},  # twice: nbformat mends that
        {"source": ["a\n", "b"]},
        {"metadata": {"trusted": True, "signature": "kept", "tags": []}},
        {"attachments": {"a.png": {"image/png": "x\ny", "text/plain": "x\ny"}}},
    ],
    ids=lambda more: ", ".join(more),
)
def test_odd_notebook_is_written_as_nbformat_writes_it(more: dict[str, Any]) -> None:
    notebook = new_notebook(
        cells=[
            new_code_cell("x\r\ny", outputs=OUTPUTS),
            new_code_cell("", execution_count=7, id="same"),
            new_markdown_cell("# 한\n\ntext\n"),
        ],
        metadata={"signature": "x", "orig_nbformat": 3, "b": {"y": 1, "x": ()}, "a": []},
    )
    kind = 2 if "attachments" in more else 0
    notebook.cells[kind].update(nbformat.from_dict(more))
    found = written.text(notebook)
    assert found == nbformat.writes(notebook)
