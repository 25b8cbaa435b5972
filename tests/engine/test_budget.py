"""However a hand-in wastes time, it has one budget, and it costs others neither points nor their
turn.
"""

from collections.abc import Callable

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.engine.session import Budget

from .classroom import Classroom

BUDGET = Budget(cell_s=1.0, probe_s=0.7, questions_s=3.0, total_s=6.0)
SLOWEST_S = 3 * BUDGET.total_s + 2
FUNCTIONS = ("gap_avg_pool", "gap_adaptive", "gap_mean", "global_max_pool")


def in_front(
    room: Classroom, sources: list[str], cells: dict[str, str] | None = None
) -> NotebookNode:
    made = room.filled(cells)
    made.cells[:0] = [nbformat.v4.new_code_cell(source) for source in sources]
    return made


def sleeping_cells(room: Classroom) -> NotebookNode:
    return in_front(room, ["import time; time.sleep(0.9)"] * 20)


def sleeping_questions(room: Classroom) -> NotebookNode:
    slow = {name: f"import gc, time\ndef {name}(x):\n    time.sleep(0.6)\n" for name in FUNCTIONS}
    return in_front(room, [], slow)


def hanging_in_c(room: Classroom) -> NotebookNode:
    return in_front(room, ["import ctypes\nctypes.PyDLL(None).sleep(60)"] * 9)


def ending_questions(room: Classroom) -> NotebookNode:
    return in_front(
        room, [], {name: f"import os\ndef {name}(x):\n    os._exit(0)\n" for name in FUNCTIONS}
    )


def own_cpu_limit(room: Classroom) -> NotebookNode:
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    return in_front(room, ["import time; time.sleep(0.9)"] * 3 + [limit] * 3)


def busy_children(room: Classroom) -> NotebookNode:
    return in_front(
        room, ["import os\nfor _ in range(40):\n    if os.fork() == 0:\n        while True: pass"]
    )


WASTERS: dict[str, Callable[[Classroom], NotebookNode]] = {
    made.__name__: made
    for made in (
        sleeping_cells,
        sleeping_questions,
        hanging_in_c,
        ending_questions,
        own_cpu_limit,
        busy_children,
    )
}


@pytest.mark.parametrize("name", list(WASTERS))
def test_time_of_a_hand_in_is_bounded_and_nobody_else_pays(name: str, classroom: Classroom) -> None:
    classroom.hand_in("waster", WASTERS[name](classroom))
    classroom.hand_in("honest")
    outcome = classroom.grade(budget=BUDGET)
    assert outcome.failed == {}
    seconds = {graded.student: graded.seconds for graded in outcome.graded}
    # what this machine takes for a hand-in that wastes nothing comes on top
    slow_machine_s = 3 * seconds["honest"]
    assert seconds["waster"] < SLOWEST_S + slow_machine_s
    assert sum(classroom.scores()["honest"].values()) == 90


@pytest.mark.parametrize("name", ["sleeping_cells", "own_cpu_limit"])
def test_right_answers_behind_cells_that_waste_time_keep_their_points(
    name: str, classroom: Classroom
) -> None:
    classroom.hand_in("waster", WASTERS[name](classroom))
    classroom.grade(budget=Budget(cell_s=5.0, probe_s=5.0, questions_s=30.0, total_s=10.0))
    assert sum(classroom.scores()["waster"].values()) == 90
