"""One hand-in takes neither the machine's memory nor the class's run, and keeps no points that are
not its own.
"""

import faulthandler
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.engine import gradebook, handin, one
from autograder.engine.pool import MEMORY, Again, Pool
from autograder.kernels.client import MOST_DROPPED
from autograder.repair import Repaired

from .classroom import NAME, Classroom

FRAMES = """
import struct, sys
wire = sys.modules["autograder.kernels.cells"]._wire
for _ in range(200):
    wire._socket.sendall(struct.pack(">I", 15 << 20) + bytes(15 << 20))
"""
IN_A_QUESTION = (
    f"import gc\n\n\ndef gap_mean(x):\n    exec({FRAMES!r})\n    import time\n    time.sleep(60)"
)
NOISE = """
kernel = get_ipython().kernel
for _ in range(30):
    kernel.session.send(kernel.iopub_socket, "noise", {"x": "x" * (8 << 20)})
"""
PICTURES = """
import base64, os
from IPython.display import publish_display_data
publish_display_data({"image/png": base64.b64encode(b"\\x89PNG\\r\\n\\x1a\\n" + os.urandom(2_000_000)).decode()})
"""


def with_cells(room: Classroom, *sources: str) -> Any:
    notebook = room.filled()
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in sources]
    return notebook


def kinds(outcome: Any, student: str) -> set[str]:
    return {entry["kind"] for entry in outcome.incidents[student]}


def test_floods_end_their_cell_and_cost_nothing_else(classroom: Classroom) -> None:
    floods = {"frames": (FRAMES,), "noise": (NOISE,), "pictures": (PICTURES,) * 20}
    for student, sources in floods.items():
        classroom.hand_in(student, with_cells(classroom, *sources))
    classroom.hand_in("honest")
    outcome = classroom.grade()
    assert outcome.failed == {}
    assert {
        student: sum(points.values()) for student, points in classroom.scores().items()
    } == dict.fromkeys([*floods, "honest"], 90)
    assert "output" in kinds(outcome, "frames") and "output" in kinds(outcome, "noise")
    kept = (classroom.root / "autograded" / "pictures" / NAME / f"{NAME}.ipynb").stat().st_size
    assert 8 << 20 < kept < 20 << 20 and "shown" in kinds(outcome, "pictures")
    assert all(graded.notebook == "" for graded in outcome.graded), (
        "the coordinator keeps notebooks"
    )


def _in_memory(what: str) -> int:
    """Bytes of this process: `VmRSS` now, `VmHWM` the most since that was last reset."""
    line = next(
        line
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith(f"{what}:")
    )
    return int(line.split()[1]) << 10


@pytest.mark.parametrize(
    "changes", [{}, {"gap_mean": IN_A_QUESTION}], ids=["in-a-cell", "in-a-question"]
)
def test_flood_of_frames_ends_before_the_worker_is_full(
    changes: dict[str, str], classroom: Classroom
) -> None:
    made = classroom.filled(changes) if changes else with_cells(classroom, FRAMES)
    given = handin.read(classroom.hand_in("flood", made), "flood", NAME)
    assert classroom.server is not None
    Path("/proc/self/clear_refs").write_text("5")  # the peak from here on
    before = _in_memory("VmRSS")
    graded = one.grade(
        given, classroom.exercise, classroom.release, classroom.server.address, b"secret"
    )
    print(f"{(_in_memory('VmHWM') - before) >> 20} MiB at most, in {graded.seconds:.1f} s")
    assert _in_memory("VmHWM") - before < MOST_DROPPED + (256 << 20) < MEMORY
    lost = {name for name, points in graded.scores.items() if not points}
    assert lost == {
        test.id for test in classroom.exercise.tests.values() if test.function in changes
    }
    assert "output" in {entry["kind"] for entry in graded.incidents}


def _take(what: Any) -> str:
    if what == "abort":
        faulthandler.disable()
        os.abort()
    try:
        return str(len(bytearray(what)))
    except MemoryError:
        return "MemoryError"


def test_workers_memory_is_bounded_and_a_crash_is_told_from_an_end_by_others() -> None:
    pool, ends = Pool(1, _take), []
    try:
        jobs: Iterator[Any] = iter([1000, MEMORY + (1 << 30), "abort", 1000])

        def on_failure(job: Any, attempt: int, again: Again, seconds: float) -> str:
            ends.append((job, attempt, again.crashed))
            return "died"

        assert [result for _, result in pool.run(jobs, on_failure)] == [
            "1000",
            "MemoryError",
            "died",
            "1000",
        ]
    finally:
        pool.close()
    assert ends == [("abort", 1, True)]


def test_hand_in_over_which_the_grader_fails_gets_nothing_and_keeps_nothing(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = classroom.hand_in("a")
    classroom.hand_in("b")
    classroom.grade()
    plain = one.repair

    def spoil(release: Any, cells: Any, *rest: Any) -> Repaired:
        if any("SPOIL" in cell.source for cell in cells):
            raise RecursionError("too deep")
        return plain(release, cells, *rest)

    nbformat.write(with_cells(classroom, "# SPOIL"), folder / f"{NAME}.ipynb")
    with monkeypatch.context() as patch:
        patch.setattr(one, "repair", spoil)
        for _ in range(2):  # not taken for done
            outcome = classroom.grade()
            assert outcome.failed == {"a": "RecursionError: too deep"}
        assert outcome.skipped == ["b"]
    assert {student: sum(points.values()) for student, points in classroom.scores().items()} == {
        "a": 0,
        "b": 90,
    }
    assert "The grader failed over this hand-in" in outcome.incidents["a"][0]["text"]
    assert classroom.grade().failed == {} and sum(classroom.scores()["a"].values()) == 90


def test_result_that_cannot_be_written_stops_nobody_else(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    for student in "abc":
        classroom.hand_in(student)
    plain = gradebook.Writer._save_grades

    def fail(self: gradebook.Writer, graded: Any) -> None:
        if graded.student == "b":
            raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")
        plain(self, graded)

    with monkeypatch.context() as patch:
        patch.setattr(gradebook.Writer, "_save_grades", fail)
        outcome = classroom.grade()
    assert (
        set(outcome.failed) == {"b"}
        and "could not be written (UnicodeEncodeError" in outcome.failed["b"]
    )
    assert set(classroom.scores()) == {"a", "c"}


def test_earlier_points_are_taken_back_only_from_another_hand_in(classroom: Classroom) -> None:
    classroom.hand_in("a")
    classroom.grade()
    writer = gradebook.Writer(classroom.directory, NAME)
    (mark,) = writer.done().values()
    writer.withdraw("a", mark), writer.withdraw("nobody", mark)
    assert sum(classroom.scores()["a"].values()) == 90
    writer.withdraw("a", "another")
    writer.close()
    assert set(classroom.scores()["a"].values()) == {None}
    classroom.grade()
    assert sum(classroom.scores()["a"].values()) == 90
