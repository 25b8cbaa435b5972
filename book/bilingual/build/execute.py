"""Runs a plan once in a fresh kernel, away from the project, and keeps outputs and placeholder
values.
"""

from __future__ import annotations

import ast
import asyncio
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from autograder.stubs import LANGUAGES
from book.bilingual.build import assignment
from book.bilingual.errors import Problem, ProblemsFound
from book.bilingual.lesson import labels, printed, values
from book.bilingual.lesson.plan import Plan, Slot, ValueKey
from book.bilingual.studies import margins

if TYPE_CHECKING:
    from nbclient import NotebookClient

CELL_TIMEOUT = 600  # s
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
# What differs from machine to machine, and what replaces it; the nbval plugin applies the same
# rules to fresh outputs.
SCRUB = (
    (r"/tmp/ipykernel_\d+/\d+\.py", "<cell>"),
    (r"(?:/[\w.+-]+)+/(?:site-packages|dist-packages)/", "<site-packages>/"),
    (r"(?:/[\w.+-]+)+/lib/python3\.\d+/", "<python>/"),
    (r"\b0x[0-9a-f]{8,16}\b", "0x…"),
)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Cost:
    """What the kernel of a lesson took. CPU seconds hardly depend on what else the machine does,
    unlike wall time.
    """

    seconds: float
    mib: float  # peak memory


@dataclass
class Outcome:
    """What a run left: per code slot its outputs, in Korean where they differ, and its figures in
    Korean; per placeholder its value.
    """

    outputs: list[list[dict[str, Any]]] = field(default_factory=list)
    korean: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    pictures: list[list[labels.Picture]] = field(default_factory=list)
    values: dict[ValueKey, values.Value] = field(default_factory=dict)
    stand_in: bool = False
    seconds: float = 0.0
    warnings: list[Problem] = field(default_factory=list)
    margins: list[margins.Margin] = field(default_factory=list)
    cost: Cost | None = None


def kernel_environment(
    root: Path, scratch: str, *, exercise: bool, seed: int = 0
) -> dict[str, str]:
    """Variables of the kernel: the same run on every machine, whatever the author's shell says.

    `exercise`: whether the project can be imported, and its compiled assignments read. `seed`: the
    `COURSE_SEED`.
    """
    dropped = ("COURSE_LANG", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONWARNINGS", "MPLCONFIGDIR")
    env = {key: value for key, value in os.environ.items() if key not in dropped}
    env |= {
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "COURSE_SEED": str(seed),
        "OMP_NUM_THREADS": "1",  # sums in the same order everywhere
        "CUDA_VISIBLE_DEVICES": "",
        "PYTHONHASHSEED": "0",
        "IPYTHONDIR": str(Path(scratch) / "ipython"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    # Instructors' notebooks run the hidden cases; everything else must run without this project.
    # There a missing autograder must raise: in Colab the cell only says that hidden tests are not
    # run.
    if exercise:
        assignments = str((root / assignment.path("any")).parent)
        env |= {
            "PYTHONPATH": str(root),
            "NBGRADER_EXECUTION": "validate",
            "AUTOGRADER_ASSIGNMENTS": assignments,
        }
    return env


def scrub(text: str, places: tuple[tuple[str, str], ...] = ()) -> str:
    """`text` without machine paths and addresses."""
    for pattern, replacement in (*places, *SCRUB):
        text = re.sub(pattern, replacement, text)
    return text


def scrub_output(output: Any, places: tuple[tuple[str, str], ...] = ()) -> Any:
    """An output with each of its texts scrubbed, pictures left alone."""
    if isinstance(output, str):
        return scrub(output, places)
    if isinstance(output, list):
        return [scrub_output(item, places) for item in output]
    if isinstance(output, dict):
        return {
            k: v if k.startswith("image/") else scrub_output(v, places) for k, v in output.items()
        }
    return output


async def execute(
    root: Path,
    plan: Plan,
    progress: Progress = lambda done, total: None,
    *,
    seed: int = 0,
    watch: bool = False,
    ran: Callable[[Outcome], None] = lambda so_far: None,
) -> Outcome:
    """Run the plan's code in order; with `watch`, note by how much its assertions hold.

    `ran` is called with what the run has left so far, before the first cell and after each.

    Raises `ProblemsFound` where a cell raises or a placeholder does not resolve.
    """
    codes = plan.code_slots
    texts = [_watched(slot) if watch else slot.code for slot in codes]
    notebook = new_notebook(
        cells=[new_code_cell(text) for text in texts], metadata={"kernelspec": KERNELSPEC}
    )
    for cell, slot in zip(notebook.cells, codes, strict=True):
        cell.metadata["tags"] = [
            tag for tag in slot.meta.get("tags", []) if tag == "raises-exception"
        ]
    outcome, begun = Outcome(), time.monotonic()
    wanted = plan.value_keys()
    with tempfile.TemporaryDirectory(prefix="lesson-") as scratch:
        places = (
            (re.escape(scratch), "<here>"),
            (re.escape(str(root)), "<course>"),
            (re.escape(sys.prefix), "<python>"),
        )
        env = kernel_environment(root, scratch, exercise=plan.lesson.kind == "exercise", seed=seed)
        if assignment.is_compiled(plan):  # as it will be written when the run succeeds
            fresh = Path(scratch, "assignments", f"{plan.lesson.name}.json")
            fresh.parent.mkdir()
            fresh.write_text(assignment.compiled(plan), encoding="utf-8")
            env["AUTOGRADER_ASSIGNMENTS"] = str(fresh.parent)
        # with Jupyter's client: most runs of the tool execute nothing
        from nbclient import NotebookClient

        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT,
            record_timing=False,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": scratch}},
            kernel_name="python3",
        )
        manager = client.create_kernel_manager()
        # no port that others on the machine could reach
        manager.transport, manager.ip = "ipc", f"{scratch}/kernel"
        async with client.async_setup_kernel(env=env, cwd=scratch):
            if watch:
                await _ask(client, {}, lambda a: a, code=margins.HELPER)
            draws = not watch and any(slot.alt for slot in codes)
            if draws:
                await _draw_twice(client, root, plan)
            if plan.lesson.kind != "exercise":
                await _ask(client, {}, lambda a: a, code=printed.helper())
            for done in range(len(codes) + 1):
                due = [(key, slot) for key, slot in wanted if key[0] == done]
                outcome.values |= await _evaluate(client, plan, due)
                progress(done, len(codes))
                ran(outcome)
                if done < len(codes):
                    await _run_cell(client, plan, codes[done], notebook.cells[done], done)
                    outputs = scrub_output(_as_dicts(notebook.cells[done].outputs), places)
                    drawn = await _taken(client) if draws else []
                    live = codes[done].live  # what it shows is not ours to pass on
                    said = {lang: printed.in_language(outputs, lang) for lang in LANGUAGES}
                    outcome.outputs.append([] if live else said["en"])
                    if said["ko"] != said["en"] and not live:
                        outcome.korean[done] = said["ko"]
                    outcome.pictures.append([] if live else drawn)
                    outcome.warnings += _stderr(plan, codes[done], outputs)
            if watch:
                cost = await _ask(
                    client, {"cost": margins.COST}, lambda a: ast.literal_eval(_text(a["cost"]))
                )
                outcome.cost = Cost(*cost)
                noted = await _ask(
                    client, {"noted": margins.ASK}, lambda a: ast.literal_eval(_text(a["noted"]))
                )
                outcome.margins = [margins.Margin(*each) for each in json.loads(noted)]
            outcome.stand_in = not (
                await _ask(
                    client, {"real": values.probe("1", "")}, lambda a: values.parse(a["real"]).real
                )
            )
    outcome.seconds = time.monotonic() - begun
    return outcome


async def _draw_twice(client: NotebookClient, root: Path, plan: Plan) -> None:
    """Have figures drawn with Korean labels, too."""
    await _ask(client, {}, lambda a: a, code=labels.helper(root))
    ready = await _ask(client, {"taken": labels.TAKEN}, lambda a: a["taken"]["status"] == "ok")
    if not ready:
        what = f"figures cannot be drawn with Korean labels: the font {labels.FONT} is missing"
        mend = "sudo apt-get install fonts-nanum"
        raise ProblemsFound([Problem(plan.lesson.path, 0, "", what, mend)])


async def _taken(client: NotebookClient) -> list[labels.Picture]:
    return await _ask(  # type: ignore[no-any-return]
        client,
        {"taken": labels.TAKEN},
        lambda a: labels.pictures(ast.literal_eval(_text(a["taken"]))),
    )


def _watched(slot: Slot) -> str:
    return slot.code if slot.inlined else margins.watched(slot.code, slot.cells[0].body_line)


def _text(answer: dict[str, Any]) -> str:
    return str(answer["data"]["text/plain"])


def _as_dicts(outputs: list[Any]) -> list[dict[str, Any]]:
    """Plain copies; what was printed in a row is one output, however the kernel flushed it."""
    found: list[dict[str, Any]] = []
    for output in json.loads(json.dumps(outputs)):
        before = found[-1] if found else {}
        if output["output_type"] == "stream" and output["name"] == before.get("name"):
            before["text"] += output["text"]
        else:
            found.append(output)
    return found


async def _run_cell(
    client: NotebookClient, plan: Plan, slot: Slot, cell: nbformat.NotebookNode, index: int
) -> None:
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    try:
        await client.async_execute_cell(cell, index, execution_count=index + 1)
    except CellExecutionError as error:
        line = [
            int(n)
            for n in re.findall(
                r"(?:Cell In\[\d+\], line |<cell line: |^-+> ?)(\d+)", _plain(error.traceback)
            )
        ]
        offset = None if slot.inlined or not line else min(line[0], slot.code.count("\n") + 1) - 1
        what = f"the cell raises {error.ename}: {scrub(error.evalue)}; the lesson cannot be built"
        problem = plan.lesson.problem(
            slot.cells[0], what, "mend the code, or tag the cell raises-exception", offset=offset
        )
        raise ProblemsFound([problem]) from None
    except (CellTimeoutError, DeadKernelError) as error:
        what = f"the kernel stopped: {str(error).strip().splitlines()[0]}"
        raise ProblemsFound(
            [plan.lesson.problem(slot.cells[0], what, "make the cell smaller")]
        ) from None


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _stderr(plan: Plan, slot: Slot, outputs: list[dict[str, Any]]) -> list[Problem]:
    texts = [
        "".join(o["text"])
        for o in outputs
        if o.get("output_type") == "stream" and o.get("name") == "stderr"
    ]
    if not texts or "nbval-ignore-output" in slot.meta.get("tags", []):
        return []
    what = f"writes to stderr: {texts[0].strip().splitlines()[0][:120] if texts[0].strip() else ''}"
    return [plan.lesson.problem(slot.cells[0], what, "mend what the warning is about")]


async def _ask(
    client: NotebookClient,
    expressions: dict[str, str],
    read: Callable[[dict[str, Any]], Any],
    *,
    code: str = "",
) -> Any:
    """Run `code`, then evaluate expressions in the kernel, silently. Answers are in the reply's
    `user_expressions`.
    """
    assert client.kc is not None
    message = client.kc.execute(
        code, silent=True, store_history=False, user_expressions=expressions
    )
    while True:
        reply = await asyncio.wait_for(client.kc.get_shell_msg(), CELL_TIMEOUT)  # type: ignore[attr-defined]
        if reply["parent_header"].get("msg_id") == message:
            return read(reply["content"].get("user_expressions", {}))


async def _evaluate(
    client: NotebookClient, plan: Plan, due: list[tuple[ValueKey, Slot]]
) -> dict[ValueKey, values.Value]:
    if not due:
        return {}
    answers = await _ask(
        client,
        {str(i): values.probe(key[1], key[2]) for i, (key, _) in enumerate(due)},
        lambda a: a,
    )
    found, problems = {}, []
    for i, (key, slot) in enumerate(due):
        try:
            value = values.parse(answers[str(i)])
            holder = next(h for k, h in slot.value_keys() if k == key)
            if (
                holder.bound is not None or holder.tolerance.startswith("any")
            ) and value.number is None:
                raise values.EvaluationError(
                    f"{value.text!r} is not a number, so no tolerance fits"
                )
            found[key] = value
        except values.EvaluationError as error:
            what = f"placeholder {{{{ {key[1]} }}}} does not resolve: {error}"
            problems.append(
                plan.lesson.problem(
                    slot.cells[0], what, "mend the expression, or the cells before it"
                )
            )
    if problems:
        raise ProblemsFound(problems)
    return found
