"""The result of one hand-in, and the notebooks that show it, whichever way its tests are judged."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from nbformat import NotebookNode
from nbformat.notebooknode import from_dict

from .. import parsing
from ..kernels.outputs import CellResult
from ..reading import Finding
from ..repair import repair
from . import clean, suspicion
from .frame import WORDS
from .page import Page
from .script import is_test, meta, name_of

MAX_REPORTED = 20  # incidents of one kind and hand-in
Outputs = list[NotebookNode]


@dataclass
class Graded:
    """Plain enough to be sent between processes. `scores`: points by test, where hidden cases
    decide; else nbgrader reads them from the outputs.
    """

    student: str
    assignment: str
    notebooks: dict[str, str]  # name → nbformat JSON; those that were not handed in are not there
    scores: dict[str, float]
    incidents: list[dict[str, str]]
    digest: str
    stamp: str | None
    seconds: float = 0.0
    kernel_seconds: list[float] = field(default_factory=list)
    failure: str = ""  # the machine's failure: no points are recorded
    # the engine's own failure over this hand-in: recorded with 0 points, and tried again
    spoiled: str = ""

    @property
    def notebook(self) -> str:
        """The only notebook, or the first; empty where none is kept."""
        return next(iter(self.notebooks.values()), "")


def suspects(notebook: NotebookNode, released: set[str]) -> list[Finding]:
    """What looks odd in the code cells that the student has written or changed. Those that are too
    large to be read are named.
    """
    cells = [
        (name_of(notebook, index), cell.source)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and not is_test(cell) and cell.source not in released
    ]
    unread = parsing.unread([source for _, source in cells])
    odd = [
        (cell, found)
        for index, cell in enumerate(cells)
        if index not in unread and (found := suspicion.findings([cell]))
    ]
    given = set(map(parsing.bare, released)) if odd else set()  # a comment more is no change
    found = [
        each for cell, reasons in odd if parsing.bare(cell[1]) not in given for each in reasons
    ]
    return found + [
        Finding(
            "unread",
            f"Cell {name} has {len(source):,} characters: run, but not read for what looks odd.",
            name,
        )
        for index, (name, source) in enumerate(cells)
        if index in unread
    ]


def write_page(
    notebook: NotebookNode,
    results: Mapping[int, CellResult],
    tests: Mapping[str, Outputs],
    released: set[str],
) -> list[Finding]:
    """Put outputs into the cells, and into the student's own what may be shown of them; `tests`:
    the outputs of test cells that are known beforehand, by grade id. An untouched text stays as it
    is: nbgrader knows it by its checksum.
    """
    page, count = Page(), 0
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            if cell.source not in released:
                cell.source, kept = page.markdown(cell.source, cell.pop("attachments", {}))
                if kept and cell.cell_type == "markdown":
                    cell["attachments"] = from_dict(kept)
            continue
        count += 1
        cell.execution_count = count
        known = tests.get(meta(cell).get("grade_id", ""))
        if known is not None:
            cell.outputs = known
            continue
        if cell.source not in released:
            cell.source = page.code(cell.source)
        if index in results:
            cell.outputs = page.outputs(results[index].outputs)
            if results[index].status not in ("ok", "error"):
                word = WORDS.get(results[index].status, WORDS["timeout"])
                cell.outputs.append(error_output("CellFault", f"This cell {word}."))
    return _left_out(page)


def _left_out(page: Page) -> list[Finding]:
    found = []
    if page.left_out:
        what = f"{page.left_out} cells or outputs are too long, or take too long, to be shown"
        found.append(
            Finding(
                "shown", f"{what}; points do not depend on it. See the notebook that was handed in."
            )
        )
    if page.lost_pictures:
        what = f"The text wants {page.lost_pictures} pictures that are not in the file"
        found.append(Finding("picture", f"{what}. Ask for them, if the short answer needs them."))
    return found


def unreadable(release: NotebookNode, incidents: Iterable[Finding]) -> NotebookNode:
    """The release with the reason in every test cell, so that formgrader and feedback have
    something to show.
    """
    reason = " ".join(entry.text for entry in incidents if entry.kind in ("unreadable", "failed"))
    notebook = repair(release, []).notebook
    for cell in notebook.cells:
        if is_test(cell):
            cell.outputs = [error_output("Unreadable", clean.text(reason, 1000))]
    return notebook


def failed(reason: str) -> Finding:
    """The incident of a hand-in over which this engine failed."""
    return Finding(
        "failed", f"The grader failed over this hand-in ({reason}): 0 for now. Grade by hand."
    )


def reported(incidents: Sequence[Finding]) -> list[dict[str, str]]:
    """At most `MAX_REPORTED` incidents of each kind, and how many more there are."""
    found = []
    seen: Counter[str] = Counter()
    for entry in dict.fromkeys(incidents):
        seen[entry.kind] += 1
        if seen[entry.kind] <= MAX_REPORTED:
            found.append(entry)
    more = {kind: count - MAX_REPORTED for kind, count in seen.items() if count > MAX_REPORTED}
    found += [Finding(kind, f"… and {count:,} more of this kind.") for kind, count in more.items()]
    return [asdict(entry) for entry in found]


def error_output(name: str, message: str) -> NotebookNode:
    """An error as a cell's output."""
    made: NotebookNode = from_dict(
        {
            "output_type": "error",
            "ename": name,
            "evalue": message,
            "traceback": [f"{name}: {message}"],
        }
    )
    return made
