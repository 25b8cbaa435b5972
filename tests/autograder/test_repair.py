"""Damaged hand-ins: what is repaired, what is reported, and that nothing is graded worse for damage
that is not the answer's.
"""

import copy
import json
from collections.abc import Callable

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode

from autograder import rewording
from autograder.errors import Unreadable
from autograder.reading import read_notebook
from autograder.repair import EMPTY, Repaired, repair


def _cell(kind: str, source: str, name: str = "", **meta: object) -> NotebookNode:
    cell = (
        nbformat.v4.new_code_cell(source)
        if kind == "code"
        else nbformat.v4.new_markdown_cell(source)
    )
    if name:
        cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": name, "task": False, **meta}
    return cell


ANSWER, TEST, WRITTEN = (
    {"solution": True, "grade": False, "locked": False},
    {"solution": False, "grade": True, "locked": True, "points": 5},
    {"solution": True, "grade": True, "locked": False, "points": 10},
)
STUB = "def {}(x):\n    raise NotImplementedError()"
RIGHT = "def {}(x):\n    return x + 1"


def release() -> NotebookNode:
    cells = [
        _cell("markdown", "# Exercise"),
        _cell("code", "import torch"),
        _cell("code", STUB.format("first"), "first", **ANSWER),
        _cell("code", "assert first(1) == 2", "test_first", **TEST),
        _cell("markdown", "Now the second."),
        _cell("code", STUB.format("second"), "second", **ANSWER),
        _cell("code", "assert second(1) == 2", "test_second", **TEST),
        _cell("markdown", "Your words", "short_answer", **WRITTEN),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.nbformat_minor = 5
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"id-{number}"
    return notebook


def handed_in() -> NotebookNode:
    notebook = copy.deepcopy(release())
    notebook.cells[2].source = RIGHT.format("first")
    notebook.cells[5].source = RIGHT.format("second")
    notebook.cells[7].source = "Because."
    return notebook


def mend(notebook: NotebookNode | bytes) -> Repaired:
    data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    cells, findings = read_notebook(data)
    mended = repair(release(), cells)
    mended.findings[:0] = findings
    return mended


def sources(mended: Repaired) -> dict[str, str]:
    return {
        cell.metadata["nbgrader"]["grade_id"]: cell.source
        for cell in mended.notebook.cells
        if "nbgrader" in cell.metadata
    }


WHOLE = sources(Repaired(handed_in(), [], set()))


def kinds(mended: Repaired) -> set[str]:
    return {finding.kind for finding in mended.findings}


def test_undamaged_hand_in_is_left_as_it_is() -> None:
    mended = mend(handed_in())
    assert sources(mended) == WHOLE and mended.findings == []


def _lose_all_metadata(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.metadata.clear()


def _as_colab(notebook: NotebookNode) -> None:
    """Colab keeps no cell ids of its own making and rewrites the metadata."""
    for number, cell in enumerate(notebook.cells):
        cell.metadata.clear()
        cell.metadata["id"] = f"colab{number}"
        cell.pop("id")
    notebook.metadata["colab"] = {"provenance": []}


def _reorder(notebook: NotebookNode) -> None:
    notebook.cells.reverse()


def _duplicate_answer(notebook: NotebookNode) -> None:
    notebook.cells.insert(3, copy.deepcopy(notebook.cells[2]))


def _untouched_copy_after_answer(notebook: NotebookNode) -> None:
    notebook.cells.insert(3, copy.deepcopy(release().cells[2]))


def _duplicate_test(notebook: NotebookNode) -> None:
    notebook.cells.append(copy.deepcopy(notebook.cells[3]))


def _retype(notebook: NotebookNode) -> None:
    cell = notebook.cells[2]
    cell.cell_type = "raw"
    del cell["outputs"], cell["execution_count"]


def _drop_tests(notebook: NotebookNode) -> None:
    notebook.cells = [
        cell for cell in notebook.cells if not cell.metadata.get("nbgrader", {}).get("locked")
    ]


def _change_flags(notebook: NotebookNode) -> None:
    notebook.cells[3].metadata["nbgrader"] |= {"points": 297, "locked": False, "grade": False}
    notebook.cells[3].source = "pass"


def _unknown_schema(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"]["schema_version"] = 99


def _tag(notebook: NotebookNode) -> None:
    notebook.cells[3].metadata["tags"] = ["skip-execution"]


def _crlf(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")


DAMAGE: dict[Callable[[NotebookNode], None], str | None] = {
    _lose_all_metadata: "metadata", _as_colab: "metadata", _reorder: "order",
    _duplicate_answer: "duplicate",
    _untouched_copy_after_answer: "duplicate", _duplicate_test: "duplicate", _retype: "retyped",
    _drop_tests: "missing",
    _change_flags: "metadata", _unknown_schema: None, _tag: "tags", _crlf: None,
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_damage_is_put_right_and_named(damage: Callable[[NotebookNode], None]) -> None:
    notebook = handed_in()
    damage(notebook)
    mended = mend(json.dumps(notebook).encode())
    assert {name: source.rstrip() for name, source in sources(mended).items()} == WHOLE
    nbformat.validate(mended.notebook)
    wanted = DAMAGE[damage]
    assert wanted is None or wanted in kinds(mended)
    mended_cells = [cell for cell in mended.notebook.cells if "nbgrader" in cell.metadata]
    released_cells = [cell for cell in release().cells if "nbgrader" in cell.metadata]
    for cell, released in zip(mended_cells, released_cells, strict=True):
        assert cell.metadata == released.metadata and cell.cell_type == released.cell_type


def test_missing_answer_is_restored_empty_not_as_the_stub() -> None:
    notebook = handed_in()
    del notebook.cells[2]
    mended = mend(notebook)
    assert sources(mended)["first"] == EMPTY
    assert [f.text for f in mended.findings] == [
        "Cell 'first' is missing; restored empty, scores what it deserves elsewhere."
    ]


def test_merged_answers_both_count() -> None:
    notebook = handed_in()
    notebook.cells[2].source += "\n\n" + notebook.cells[5].source
    del notebook.cells[5]
    mended = mend(notebook)
    code = "\n".join(
        cell.source
        for cell in mended.notebook.cells
        if cell.cell_type == "code" and "assert" not in cell.source
    )
    namespace: dict[str, Callable[[int], int]] = {}
    exec(code.replace("import torch", ""), namespace)
    assert namespace["first"](1) == namespace["second"](1) == 2


def test_split_answer_keeps_both_parts_in_order() -> None:
    notebook = handed_in()
    second_part = copy.deepcopy(notebook.cells[2])
    notebook.cells[2].source = "step = 1"
    second_part.source = "def first(x):\n    return x + step"
    notebook.cells.insert(3, second_part)
    mended = mend(notebook)
    assert sources(mended)["first"] == second_part.source
    texts = [cell.source for cell in mended.notebook.cells]
    assert texts.index("step = 1") < texts.index("assert first(1) == 2")


def test_import_added_to_an_open_cell_is_kept() -> None:
    notebook = handed_in()
    notebook.cells[1].source += "\nimport math"
    assert "import torch\nimport math" in [cell.source for cell in mend(notebook).notebook.cells]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "cp949"])
def test_other_encodings_are_read(encoding: str) -> None:
    notebook = handed_in()
    notebook.cells[7].source = "한글 답"
    text = json.dumps(notebook, ensure_ascii=False)
    data = ("\ufeff" + text).encode(encoding) if encoding == "utf-16-be" else text.encode(encoding)
    mended = mend(data)
    assert sources(mended)["short_answer"] == "한글 답" and "encoding" in kinds(mended)


def test_nbformat_3_is_converted() -> None:
    old = json.loads(nbformat.writes(nbformat.convert(handed_in(), 3), version=3))
    mended = mend(json.dumps(old).encode())
    assert sources(mended)["first"] == WHOLE["first"] and "format" in kinds(mended)


def test_nbformat_5_is_read_as_4() -> None:
    notebook = json.loads(nbformat.writes(handed_in()))
    notebook["nbformat"] = 5
    mended = mend(json.dumps(notebook).encode())
    assert sources(mended) == WHOLE and "format" in kinds(mended)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"), (b"  \n", "empty"), (b'{"cells": [', "truncated"),
        (b"[1, 2]", "a list and no notebook"),
        (b'{"a": 1}', "without a list of cells"), (b"\xff\xff\xff", "neither UTF-8"),
        (b"[" * 200_000, "nested too deeply"),
        (b"0" * (21 << 20), "bytes, more than"), (b"PK\x03\x04\x80\x81", "neither UTF-8|truncated"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_notebook(data)


KEYS = ["cell_type", "source", "metadata", "nbgrader", "grade_id", "tags", "id", "x"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(JSON, max_size=6))
def test_any_list_of_cells_is_repaired_to_the_releases_graded_cells(cells: list[object]) -> None:
    mended = mend(json.dumps({"nbformat": 4, "cells": cells, "metadata": {}}).encode())
    nbformat.validate(mended.notebook)
    assert list(sources(mended)) == list(WHOLE)


@settings(max_examples=100, deadline=None)
@given(st.permutations(range(8)), st.sets(st.integers(0, 7)), st.booleans())
def test_no_order_or_loss_of_cells_loses_an_answer_that_is_there(
    order: list[int], lost: set[int], bare: bool
) -> None:
    notebook = handed_in()
    if bare:
        _lose_all_metadata(notebook)
    notebook.cells = [notebook.cells[number] for number in order if number not in lost]
    found = sources(mend(json.dumps(notebook).encode()))
    for number, name in ((2, "first"), (5, "second")):
        assert found[name] == (EMPTY if number in lost else WHOLE[name])


HELPER = 'def check(x):\n    assert x, hint("하나", "one")'
LOCALIZED = 'def check(x):\n    assert x, "one"'
BOTH = 'assert first(1) == 2, hint("둘", "two")'


def with_hints(helper: str, test: str, recorded: bool) -> NotebookNode:
    """The release with a helper and a test that give hints."""
    notebook = release()
    notebook.cells[1].source, notebook.cells[3].source = helper, test
    for cell, both in ((notebook.cells[1], HELPER), (notebook.cells[3], BOTH)):
        if recorded:
            cell.metadata["course"] = {"code": rewording.code_digest(both)}
    return notebook


@pytest.mark.parametrize("stripped", [False, True])
def test_a_hand_in_made_from_a_release_with_hints_in_both_languages_is_as_good(
    stripped: bool,
) -> None:
    new = with_hints(LOCALIZED, 'assert first(1) == 2, "two"', recorded=True)
    old = with_hints(HELPER, BOTH, recorded=False)
    old.cells[2].source = RIGHT.format("first")
    if stripped:  # as Colab leaves it
        for cell in old.cells:
            cell.metadata = nbformat.from_dict({})
            del cell["id"]
    cells, _ = read_notebook(json.dumps(old).encode())
    mended = repair(new, cells)
    assert [cell.source for cell in mended.notebook.cells[:2]] == ["# Exercise", LOCALIZED]
    assert mended.notebook.cells[3].source == new.cells[3].source
    assert sources(mended)["first"] == RIGHT.format("first")
    assert len(mended.notebook.cells) == len(new.cells)
    assert {entry.kind for entry in mended.findings} <= ({"metadata"} if stripped else set())


def test_another_change_of_a_cell_with_hints_is_one() -> None:
    new = with_hints(LOCALIZED, 'assert first(1) == 2, "two"', recorded=True)
    old = with_hints(HELPER + "\nmine = 1", BOTH.replace("== 2", "== 3"), recorded=False)
    cells, _ = read_notebook(json.dumps(old).encode())
    mended = repair(new, cells)
    assert mended.notebook.cells[1].source == HELPER + "\nmine = 1"
    assert [entry.kind for entry in mended.findings] == ["edited"]
