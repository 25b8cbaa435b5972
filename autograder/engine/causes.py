"""Why a test failed, where the reason lies in another place than the question: the cell that should
have defined the function stopped at a missing package, at `input()`, at syntax of a newer Python,
or was never reached. The student reads it in the hint, the instructor in the report.
"""

from dataclasses import dataclass, replace
from typing import Any

from nbformat import NotebookNode

from .. import hints
from ..cases import Hint
from ..kernels.outputs import CellResult
from ..newer import is_newer_syntax, running
from ..reading import Finding
from ..verdict import Problem, Verdict
from . import clean, script
from .frame import WORDS
from .session import Session


@dataclass(frozen=True)
class Stop:
    """A cell that did not run to its end. `kind`: an exception's name, or a status of
    `CellResult`.
    """

    index: int
    source: str
    kind: str
    message: str = ""

    @property
    def hint(self) -> Hint:
        """What a student reads."""
        if self.kind == "SyntaxError" and is_newer_syntax(self.source):
            return hints.newer_syntax(running())
        return hints.stop(self.kind, self.message)


def stops(notebook: NotebookNode, run: Session) -> list[Stop]:
    """The cells of a run that stopped, in order."""
    found = []
    for index, result in sorted(run.results.items()):
        source = notebook.cells[index].source
        if result.status == "error":
            found.append(Stop(index, source, *_error(result)))
        elif result.status != "ok":
            found.append(
                Stop(index, source, "timeout" if result.status == "interrupted" else result.status)
            )
    return found


def _error(result: CellResult) -> tuple[str, str]:
    last: dict[str, Any] = next(
        (entry for entry in reversed(result.outputs) if entry["output_type"] == "error"), {}
    )
    return clean.text(str(last.get("ename", "Error")), 60), clean.text(
        str(last.get("evalue", "")), 300
    )


def explained(
    verdict: Verdict, function: str, found: list[Stop], notebook: NotebookNode
) -> Verdict:
    """`verdict` with the cause in its hint, where a cell that stopped is the cause."""
    problem = verdict.problem
    if problem is None:
        return verdict
    for stop in reversed(found):
        cell = notebook.cells[stop.index]
        if problem.missing:
            if script.meta(cell).get("grade_id") == function or function in script.binds(
                stop.source
            ):
                return _with(
                    verdict, hints.stopped(function, stop.hint), f"its cell stopped: {stop.kind}"
                )
        elif (name := problem.undefined) and name in script.binds(stop.source):
            return _with(
                verdict, hints.both(problem.hint, hints.stopped(name, stop.hint)), problem.reason
            )
    return verdict


def _with(verdict: Verdict, hint: Hint, reason: str) -> Verdict:
    assert verdict.problem is not None
    return replace(verdict, problem=Problem(hint, reason, verdict.problem.fault))


def incidents(notebook: NotebookNode, run: Session) -> list[Finding]:
    """What the instructor should know of how the cells ran."""
    found = []
    for index, what in run.culprits.items():
        name = script.name_of(notebook, index)
        found.append(
            Finding(
                what, f"Cell {name} {WORDS[what]}; left out, the rest was run without it.", name
            )
        )
    for stop in stops(notebook, run):
        name = script.name_of(notebook, stop.index)
        if stop.index not in run.culprits and (entry := _incident(stop, name)):
            found.append(entry)
    for index, error in run.lacking.items():
        name = script.name_of(notebook, index)
        what = "a file, the network, a package or a GPU"
        text = f"Cell {name} stopped where {what} is missing ({error})"
        found.append(
            Finding("missing", f"{text}; what it defines was taken without the rest.", name)
        )
    for index in sorted(run.exits):
        name = script.name_of(notebook, index)
        found.append(Finding("exit", f"Cell {name} asks the kernel to end; not followed.", name))
    for package, index in run.missing.items():
        name = script.name_of(notebook, index) if index >= 0 else run.subject
        text = (
            f"Cell {name} imports the package {package}, which is not installed for grading; run"
            " with a stand-in that"
        )
        found.append(Finding("package", f"{text} raises where it is used.", name))
    return found


def _incident(stop: Stop, name: str) -> Finding | None:
    if stop.kind == "timeout":
        return Finding("timeout", f"Cell {name} {WORDS['timeout']}; interrupted.", name)
    if stop.kind == "spent":
        return Finding("timeout", f"Cell {name} {WORDS['spent']}.", name)
    if stop.kind == "StdinNotImplementedError":
        return Finding(
            "input", f"Cell {name} waits for input(), which nobody answers; it stopped there.", name
        )
    if stop.kind == "SyntaxError" and is_newer_syntax(stop.source):
        text = (
            f"Cell {name} is in the syntax of a newer Python than the {running()} that grades; it"
            " did not run. Grade"
        )
        return Finding("syntax", f"{text} with the Python that the class uses.", name)
    return None
