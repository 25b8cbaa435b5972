"""Damaged hand-ins, put right from the release where that is safe.

`repair(release, cells)` returns a notebook with exactly the release's graded cells, in the
release's order and with the release's metadata, filled with what the student wrote. What the
student wrote between them stays where it stood.

A cell of the hand-in is recognised by its grade id, then by its cell id, then by its text (locked
cells) or by the function or class that it defines (solution cells), then, for a written answer, by
its place. A solution cell that is not there is restored *empty*, never as the stub: a merged or
renamed cell may define the function elsewhere, and a stub after it would undo that. Each thing put
right is a `Finding`. A cell that differs from the release's in its hints alone, as one of an
earlier release may, is the release's.
"""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode, from_dict

from . import parsing, printable, rewording
from .reading import FLAGS, Cell, Finding

EMPTY = "# This cell was missing from the hand-in; restored empty.\n"


@dataclass
class Repaired:
    """The notebook to run, and what was put right. `written`: grade ids of the answers that came
    with it.
    """

    notebook: NotebookNode
    findings: list[Finding]
    written: set[str]


def repair(
    release: NotebookNode, cells: list[Cell], functions: Mapping[str, str] | None = None
) -> Repaired:
    """A notebook with the release's cells and the student's work.

    `functions`: solution cell's grade id to the name it defines; by default they are equal, as this
    course has it.
    """
    return _Repair(release, cells, functions or {}).run()


class _Repair:
    def __init__(
        self, release: NotebookNode, cells: list[Cell], functions: Mapping[str, str]
    ) -> None:
        self._release = release
        self._cells = cells
        self._functions = functions
        self._findings: list[Finding] = []
        self._of: dict[int, int] = {}  # index in the release → index in the hand-in
        self._taken: set[int] = set()
        self._unread = parsing.unread([cell.source for cell in cells])
        self._defined: dict[int, set[str]] = {}
        self._digests: dict[int, str] = {}
        self._lost: list[str] = []  # grade ids of cells without metadata
        self._changed: dict[str, list[str]] = {}  # flags that differ → grade ids
        # answer's index in the release → text cells behind it in the hand-in
        self._moved: dict[int, list[int]] = {}

    def run(self) -> Repaired:
        self._match_by_grade_id()
        self._match_by_cell_id()
        self._match_by_text()
        self._match_by_definition()
        self._match_answers_by_place()
        self._match_answers_in_new_cells()
        self._note_metadata()
        self._note_order()
        notebook = self._build()
        written = {
            meta["grade_id"]
            for index, meta in self._graded()
            if index in self._of and _is_answer(meta)
        }
        return Repaired(notebook, self._findings, written)

    def _graded(self) -> Iterable[tuple[int, dict[str, Any]]]:
        for index, cell in enumerate(self._release.cells):
            meta = cell.metadata.get("nbgrader")
            if meta and meta.get("grade_id"):
                yield index, meta

    def _take(self, release_index: int, index: int) -> None:
        self._of[release_index] = index
        self._taken.add(index)

    def _found(self, kind: str, text: str, cell: str = "") -> None:
        self._findings.append(Finding(kind, text, cell))

    def _match_by_grade_id(self) -> None:
        by_id: dict[str, list[int]] = {}
        for index, cell in enumerate(self._cells):
            if cell.grade_id:
                by_id.setdefault(cell.grade_id, []).append(index)
        for release_index, meta in self._graded():
            name = meta["grade_id"]
            candidates = by_id.pop(name, [])
            if not candidates:
                continue
            chosen = candidates[0]
            if len(candidates) > 1:
                chosen = self._choose(release_index, name, candidates, answer=_is_answer(meta))
            self._take(release_index, chosen)
            self._check_flags(name, meta, self._cells[chosen])
            if not _is_answer(meta):  # further copies of a locked cell are no work of the student's
                self._taken.update(candidates)
        for name in by_id:
            shown = printable.quoted(name)
            self._found(
                "cell",
                f"The hand-in has a graded cell {shown} that the release lacks; run, not graded.",
            )

    def _choose(self, release_index: int, name: str, candidates: list[int], answer: bool) -> int:
        """Of several cells with one grade id: the one that defines the function, the last if
        several do, edited ones first.
        """
        self._found(
            "duplicate",
            f"The cell {name!r} is there {len(candidates)} times; all are run, the last word"
            " counts.",
            name,
        )
        if not answer:
            return candidates[0]
        stub = _normal(self._release.cells[release_index].source)
        edited = [i for i in candidates if _normal(self._cells[i].source) != stub] or candidates
        for index in candidates:
            if index not in edited:  # an untouched copy after the answer would undo it
                self._taken.add(index)
        defining = [i for i in edited if self._name(name) in self._defines(i)]
        return (defining or edited)[-1]

    def _defines(self, index: int) -> set[str]:
        if index not in self._defined:
            self._defined[index] = parsing.defined(
                self._cells[index].source, index not in self._unread
            )
        return self._defined[index]

    def _name(self, grade_id: str) -> str:
        return self._functions.get(grade_id, grade_id)

    def _check_flags(self, name: str, meta: dict[str, Any], cell: Cell) -> None:
        wrong = [
            flag
            for flag in FLAGS
            if flag in cell.flags and cell.flags[flag] != meta.get(flag, cell.flags[flag])
        ]
        if wrong:
            self._changed.setdefault(", ".join(wrong), []).append(name)
        expected = self._release.cells[
            next(i for i, m in self._graded() if m["grade_id"] == name)
        ].cell_type
        if cell.kind != expected:
            self._found(
                "retyped",
                f"Cell {name!r} was turned into {cell.kind}; made {expected} again.",
                name,
            )
        if cell.tags:
            known = self._release.cells[
                next(i for i, m in self._graded() if m["grade_id"] == name)
            ].metadata
            if odd := sorted(set(cell.tags) - set(known.get("tags", []))):
                self._found(
                    "tags", f"Cell {name!r} carries the tags {', '.join(odd)[:80]}; dropped.", name
                )

    def _match_by_cell_id(self) -> None:
        ids = {
            cell.cell_id: i
            for i, cell in enumerate(self._cells)
            if cell.cell_id and i not in self._taken
        }
        for index, cell in enumerate(self._release.cells):
            given = ids.get(cell.get("id"))
            if index in self._of or given is None or given in self._taken:
                continue
            if self._cells[given].kind == cell.cell_type or cell.metadata.get("nbgrader"):
                self._take(index, given)
                self._say_lost(cell)

    def _match_by_text(self) -> None:
        by_text: dict[str, list[int]] = {}
        for index, cell in enumerate(self._cells):
            if index not in self._taken and cell.source.strip():
                by_text.setdefault(_normal(cell.source), []).append(index)
        for index, cell in enumerate(self._release.cells):
            candidates = by_text.get(_normal(cell.source))
            if index not in self._of and candidates:
                self._take(index, candidates.pop(0))
                self._say_lost(cell)
        for index, cell in enumerate(self._release.cells):
            if index in self._of or cell.cell_type != "code" or _is_answer(_meta(cell)):
                continue
            free = (given for given in range(len(self._cells)) if given not in self._taken)
            if (same := next((each for each in free if self._is(each, cell)), None)) is not None:
                self._take(index, same)
                self._say_lost(cell)

    def _is(self, given: int, released: NotebookNode) -> bool:
        """Whether a cell of the hand-in is that of the release, hints aside."""
        cell = self._cells[given]
        if _normal(cell.source) == _normal(released.source):
            return True
        both = cell.kind == released.cell_type == "code" and given not in self._unread
        return both and self._digest(given) == rewording.cell_digest(released)

    def _digest(self, given: int) -> str:
        if given not in self._digests:
            self._digests[given] = rewording.code_digest(self._cells[given].source.strip())
        return self._digests[given]

    def _match_by_definition(self) -> None:
        missing = {
            self._name(meta["grade_id"]): index
            for index, meta in self._graded()
            if index not in self._of
            and meta.get("solution")
            and self._release.cells[index].cell_type == "code"
        }
        for index in range(len(self._cells)):
            if index in self._taken or not missing:
                continue
            defined = [name for name in missing if name in self._defines(index)]
            if defined:
                self._take(missing[defined[0]], index)
                self._say_lost(self._release.cells[missing.pop(defined[0])])

    def _match_answers_by_place(self) -> None:
        """A written answer without metadata: the untaken markdown cell behind what the release has
        before it.
        """
        for index, _ in self._graded():
            if index in self._of or self._release.cells[index].cell_type != "markdown":
                continue
            before = max((self._of[i] for i in range(index) if i in self._of), default=-1)
            after = min(
                (self._of[i] for i in range(index + 1, len(self._release.cells)) if i in self._of),
                default=10**9,
            )
            for candidate in range(before + 1, min(after, len(self._cells))):
                if candidate not in self._taken and self._cells[candidate].kind == "markdown":
                    self._take(index, candidate)
                    self._say_lost(self._release.cells[index])
                    break

    def _match_answers_in_new_cells(self) -> None:
        """An answer cell left as it was given out, and text in cells of the student's own: those
        behind it, up to the next cell of the release, are the answer; others may be, so a person
        has to look.
        """
        known = {_normal(cell.source) for cell in self._release.cells}
        ids = {cell.get("id") for cell in self._release.cells}
        prose = {
            given
            for index, given in self._of.items()
            if not self._release.cells[index].metadata.get("nbgrader")
        }
        text = [
            index
            for index, cell in enumerate(self._cells)
            if (index in prose or (index not in self._taken and cell.cell_id not in ids))
            and _normal(cell.source) not in known
            and parsing.is_text(cell.kind, cell.source, index not in self._unread)
        ]
        for release_index, meta in self._graded():
            cell, at = self._release.cells[release_index], self._of.get(release_index)
            if at is None or cell.cell_type != "markdown" or not _is_answer(meta) or not text:
                continue
            if _normal(self._cells[at].source) not in ("", _normal(cell.source)):
                continue
            end = min(
                (index for index in self._of.values() if index > at), default=len(self._cells)
            )
            behind = [index for index in text if at < index < end and index not in prose]
            self._moved[release_index] = behind
            self._taken.update(behind)
            name = meta["grade_id"]
            if behind:
                what = "the text in the cells of the student's own behind it is taken as the answer"
            else:
                where = ", ".join(str(index + 1) for index in text[:5])
                what = (
                    f"cells of the student's own hold text (number {where} of the hand-in): look"
                    " there"
                )
            self._found(
                "moved",
                f"Answer cell {name!r} is as it was given out; {what}. Grade by hand.",
                name,
            )

    def _say_lost(self, release_cell: NotebookNode) -> None:
        name = (release_cell.metadata.get("nbgrader") or {}).get("grade_id")
        if name:
            self._lost.append(name)

    def _note_metadata(self) -> None:
        """One sentence for all cells: Colab strips them all, and a release whose points have
        changed differs in all.
        """
        if self._lost:
            self._found(
                "metadata",
                f"{printable.cells(self._lost)} had lost the metadata; recognised and restored.",
            )
        for flags, names in self._changed.items():
            self._found(
                "metadata", f"{printable.cells(names)}: {flags} not as in the release; restored."
            )

    def _note_order(self) -> None:
        order = [self._of[index] for index in sorted(self._of)]
        if order != sorted(order):
            self._found("order", "Cells were in another order than in the release; put back.")

    def _build(self) -> NotebookNode:
        notebook: NotebookNode = nbformat.v4.new_notebook(
            metadata=copy.deepcopy(self._release.metadata)
        )
        notebook.nbformat, notebook.nbformat_minor = 4, 5
        known_ids = {cell.get("id") for cell in self._release.cells}
        extras = self._extras(known_ids)
        notebook.cells += extras.pop(-1, [])
        for index, released in enumerate(self._release.cells):
            notebook.cells.append(self._filled(index, released))
            notebook.cells += extras.pop(index, [])
        return notebook

    def _extras(self, known_ids: set[Any]) -> dict[int, list[NotebookNode]]:
        """The student's own cells, by the index of the release's cell behind which they stood (-1:
        before all).
        """
        behind = {index: release_index for release_index, index in self._of.items()}
        extras: dict[int, list[NotebookNode]] = {}
        anchor = -1
        for index, cell in enumerate(self._cells):
            anchor = behind.get(index, anchor)
            if (
                index in self._taken
                or not cell.source.strip()
                or (cell.kind != "code" and cell.cell_id in known_ids)
            ):
                continue
            made = _new_cell(cell.kind, cell.source, f"extra-{index}")
            if cell.pictures:
                made["attachments"] = from_dict(cell.pictures)
            extras.setdefault(anchor, []).append(made)
        return extras

    def _answer(self, cell: NotebookNode, indices: list[int]) -> None:
        """Fill an answer cell of the release with what the student wrote, the pictures included."""
        given = [self._cells[index] for index in indices]
        cell.source = "\n\n".join(answer.source for answer in given)
        pictures = {name: kinds for answer in given for name, kinds in answer.pictures.items()}
        if pictures and cell.cell_type != "code":
            cell["attachments"] = from_dict(pictures)

    def _filled(self, index: int, released: NotebookNode) -> NotebookNode:
        cell = copy.deepcopy(released)
        cell.setdefault("id", f"cell-{index}")
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        meta, given = cell.metadata.get("nbgrader") or {}, self._of.get(index)
        if not meta.get("grade_id"):
            # An import added here is part of the answer, and so is a word below the question.
            if given is not None and not self._is(given, cell):
                self._answer(cell, [given])
            return cell
        name = meta["grade_id"]
        if _is_answer(meta):
            if given is not None:
                self._answer(cell, self._moved.get(index) or [given])
                # another checksum: nbgrader would know it for untouched, worth 0
                if index in self._moved:
                    cell.metadata["nbgrader"]["checksum"] = ""
                elif self._cells[given].checksum and meta.get("checksum"):
                    cell.metadata["nbgrader"]["checksum"] = self._cells[given].checksum
            else:
                cell.source = EMPTY if cell.cell_type == "code" else ""
                self._found(
                    "missing",
                    f"Cell {name!r} is missing; restored empty, scores what it deserves elsewhere.",
                    name,
                )
        elif given is None:
            self._found(
                "missing", f"Locked cell {name!r} is missing; restored from the release.", name
            )
        elif not self._is(given, cell):
            self._found(
                "edited", f"Locked cell {name!r} was edited; restored from the release.", name
            )
        return cell


def _meta(cell: NotebookNode) -> Mapping[str, Any]:
    return cell.metadata.get("nbgrader") or {}


def _is_answer(meta: Mapping[str, Any]) -> bool:
    return bool(meta.get("solution") or meta.get("task"))


def _new_cell(kind: str, source: str, cell_id: str) -> NotebookNode:
    make = getattr(nbformat.v4, f"new_{kind}_cell")  # code, markdown or raw
    cell: NotebookNode = make(source)
    cell["id"] = cell_id
    return cell


def _normal(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())
