"""Mutated hand-ins through every stage that touches one: nothing raises, nothing takes long,
everything can be shown.

`make test` takes 300 through the trusted stages one by one and a handful through a whole class;
`make prove` takes 10,000, and 200 of them twice through whole classes with feedback.
"""

import copy
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from rich.console import Console
from traitlets.config import Config

from autograder import exercise, reading
from autograder.editions import nearest
from autograder.engine import gradebook, handin, report
from autograder.engine import graded as graded_as
from autograder.engine.classrun import Outcome
from autograder.engine.graded import Graded
from autograder.kernels.outputs import CellResult, Collector
from autograder.repair import repair
from autograder.sandbox import LayerReport

from . import course
from .classroom import NAME, Classroom

SLOWEST_S = 10.0  # CPU time of the trusted stages over one hand-in
BIG = {
    '"@deep"': "[" * 900 + "]" * 900,
    '"@dict"': '{"a":' * 900 + "1" + "}" * 900,
    '"@huge"': "9" * 4000,
    '"@inf"': "1e999",
    '"@blank"': json.dumps("\n" * 20_000),
    '"@code"': json.dumps("a;" * 40_000),
    '"@stars"': json.dumps("**a " * 3000 + " b**" * 3000),
    '"@dots"': json.dumps("a." * 8000),
}
ODD = st.sampled_from(
    [
        None, True, False, 0, -1, 4, 10**400, float("nan"), 1.5, "", "\ud800", "\x00", "\u202eabc",
        "\x1b[8m\x9b",
        [], {}, [[]], [None], ["\udfff", 3], {"\ud800": "\ud800"},
        {"nbgrader": {"grade_id": "gap_mean"}}, "=1+1",
        "code", "markdown", "raw", "heading", "gap_mean", "test_gap_mean",
        "![x](attachment:y) ![z](/logout)",
        *(marker.strip('"') for marker in BIG),
    ]
)  # fmt: skip
JSON = st.recursive(
    ODD | st.text(max_size=20), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)
CHANGE = st.tuples(
    st.integers(0, 10**6), st.sampled_from(["set", "drop", "twice", "wrap", "rename", "swap"]), JSON
)
ENDS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp949", "cut", "worksheets"])


def _bases() -> list[dict[str, Any]]:
    """Real hand-ins: the right answer in both languages, as JupyterLab and as Colab save it, and
    what was released.
    """
    found = []
    for lang in ("ko", "en"):
        released = nbformat.read(course.ROOT / "notebooks" / lang / f"{NAME}.ipynb", 4)
        filled = course.fill(
            released,
            {**exercise.load(NAME).solutions, "short_answer": "a $x$ ![p](attachment:p.png)"},
        )
        tree = json.loads(nbformat.writes(filled))
        colab = copy.deepcopy(tree)
        for number, cell in enumerate(colab["cells"]):
            cell["metadata"] = {"id": f"c{number}", "colab": {"base_uri": "x"}}
            cell["source"] = "".join(cell["source"])
        found += [tree, colab, json.loads(nbformat.writes(released))]
    return found


BASES = _bases()


def _places(tree: Any) -> list[tuple[Any, Any]]:
    """(container, key) of everything in a tree."""
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        keys = (
            list(node)
            if isinstance(node, dict)
            else range(len(node))
            if isinstance(node, list)
            else []
        )
        for key in keys:
            found.append((node, key))
            waiting.append(node[key])
    return found


def mutate(base: int, changes: list[tuple[int, str, Any]], end: str) -> bytes:
    """A hand-in's bytes: a real one with some changes in its tree, in some encoding."""
    tree = copy.deepcopy(BASES[base % len(BASES)])
    for where, action, value in changes:
        places = _places(tree)
        if not places:
            break
        # containers high up are few: half of the changes go there
        if where % 2 and isinstance(tree, dict):
            cells = tree.get("cells")
            places = places[: 40 + (len(cells) if isinstance(cells, list) else 0)]
        container, key = places[where % len(places)]
        if action == "set":
            # the strategies hand out the same lists again and again
            container[key] = copy.deepcopy(value)
        elif action == "drop":
            del container[key]
        elif action == "twice" and isinstance(container, list):
            container[key:key] = [copy.deepcopy(container[key])] * (1 + where % 3)
        elif action == "wrap":
            container[key] = [container[key]] if where % 3 else {"x": container[key]}
        elif action == "rename" and isinstance(container, dict):
            container[str(value)[:50]] = container.pop(key)
        elif action == "swap":
            other, at = places[(where // 7) % len(places)]
            container[key] = (
                copy.deepcopy(other[at])
                if at in (other if isinstance(other, dict) else range(len(other)))
                else 0
            )
    if end == "worksheets" and isinstance(tree, dict):
        tree = {"nbformat": 3, "worksheets": [{"cells": tree.get("cells")}, 7]}
    text = json.dumps(tree)
    for marker, instead in BIG.items():
        text = text.replace(marker, instead)
    if end == "cut":
        return text.encode()[: len(text) * 2 // 3]
    return text.encode("utf-8" if end == "worksheets" else end, "replace")


HAND_INS = st.builds(mutate, st.integers(0, 5), st.lists(CHANGE, max_size=8), ENDS)
MESSAGES = st.lists(
    st.fixed_dictionaries(
        {
            "msg_type": st.sampled_from(
                [
                    "stream",
                    "error",
                    "display_data",
                    "execute_result",
                    "update_display_data",
                    "clear_output",
                    "status",
                    3,
                ]
            ),
            "content": st.dictionaries(
                st.sampled_from(
                    ["name", "text", "data", "ename", "evalue", "traceback", "transient", "wait"]
                ),
                JSON
                | st.dictionaries(
                    st.sampled_from(["image/png", "text/plain", "text/html", "display_id"]), JSON
                ),
                max_size=5,
            ),
        }
    ),
    max_size=6,
)


@pytest.fixture(scope="module")
def room(released: Classroom, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    return released.copy(tmp_path_factory.mktemp("fuzz"))


@pytest.fixture(scope="module")
def writer(room: Classroom) -> Iterator[gradebook.Writer]:
    opened = gradebook.Writer(room.directory, NAME)
    yield opened
    opened.close()


def through_the_stages(
    room: Classroom, writer: gradebook.Writer, data: bytes, messages: list[dict[str, Any]]
) -> None:
    """Read, repair, suspect, put outputs on the page, record, report."""
    started = time.process_time()
    folder = room.root / "submitted" / "fuzzed" / NAME
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.ipynb").write_bytes(data)
    seen, found = handin.look(folder, "fuzzed", NAME), handin.read(folder, "fuzzed", NAME)
    assert seen.digest == found.digest
    incidents = list(found.findings)
    if found.cells is None:
        notebook = graded_as.unreadable(room.release, incidents)
    else:
        release = nearest([room.release], found.cells)
        mended = repair(release, list(found.cells))
        notebook, given = mended.notebook, {cell.source for cell in release.cells}
        incidents += mended.findings + graded_as.suspects(notebook, given)
        incidents += graded_as.write_page(notebook, _outputs(messages), {}, given)
    text = nbformat.writes(notebook)
    nbformat.validate(nbformat.reads(text, 4))
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert "<script" not in markdown2html_mistune(cell.source)
    entries = graded_as.reported(incidents)
    graded = Graded("fuzzed", NAME, {NAME: text}, {}, entries, found.digest, found.stamp)
    writer.record(graded, gradebook.fingerprint(seen, [], b""), [], [])
    outcome = Outcome(graded=[graded], incidents=writer.incidents(), layers=LayerReport({}, True))
    report.write(outcome, NAME, room.root / "reports")
    report.show(outcome, Console(quiet=True))
    assert (
        all(len(entry["text"]) <= 600 and "\n" not in entry["text"] for entry in entries)
        and len(entries) < 300
    )
    assert time.process_time() - started < SLOWEST_S


def _outputs(messages: list[dict[str, Any]]) -> dict[int, CellResult]:
    """What a kernel claims to have printed, as the client keeps it."""
    results = {}
    for index in range(3):
        results[index] = CellResult()
        collector = Collector(results[index], 1 << 20)
        for message in json.loads(json.dumps(messages)):
            collector.add(message)
    return results


ANEW = settings(
    deadline=None, suppress_health_check=list(HealthCheck), print_blob=True, database=None
)


@settings(ANEW, max_examples=300, derandomize=True)  # the same on each run of `make test`
@given(HAND_INS, MESSAGES)
def test_no_mutation_of_a_hand_in_breaks_a_stage(
    room: Classroom, writer: gradebook.Writer, data: bytes, messages: list[dict[str, Any]]
) -> None:
    through_the_stages(room, writer, data, messages)


@pytest.mark.prove
@settings(ANEW, max_examples=10_000)
@given(HAND_INS, MESSAGES)
def test_ten_thousand_mutations_break_no_stage(
    room: Classroom, writer: gradebook.Writer, data: bytes, messages: list[dict[str, Any]]
) -> None:
    through_the_stages(room, writer, data, messages)


def some_hand_ins(count: int, seed: int) -> list[bytes]:
    """Mutated hand-ins, the same for the same seed."""
    draw, found = random.Random(seed), []
    odd: list[Any] = [
        None,
        0,
        10**400,
        "",
        "\ud800",
        "\x00",
        [],
        {},
        ["\udfff"],
        "code",
        "markdown",
        "gap_mean",
    ]
    odd += [marker.strip('"') for marker in BIG]
    for _ in range(count):
        actions = [
            draw.choice(["set", "drop", "twice", "wrap", "rename", "swap"])
            for _ in range(draw.randrange(1, 6))
        ]
        changes = [(draw.randrange(10**6), action, draw.choice(odd)) for action in actions]
        end = draw.choice(["utf-8"] * 4 + ["utf-8-sig", "utf-16", "cp949", "cut", "worksheets"])
        found.append(mutate(draw.randrange(6), changes, end))
    return found


def through_classes(released: Classroom, server: Any, folder: Path, hand_ins: list[bytes]) -> None:
    """Two runs over the same bytes, amid honest hand-ins: all are graded, alike, and have a
    page.
    """
    scores = []
    for run in range(2):
        room = released.copy(folder / str(run))
        room.server = server
        for number, data in enumerate(hand_ins):
            room.hand_in(f"{number:05}", data)
        for honest in ("00000-honest", "zzz-honest"):
            room.hand_in(honest)
        outcome = room.grade()
        assert (
            outcome.failed == {}
            and outcome.refused == {}
            and len(outcome.graded) == len(hand_ins) + 2
        )
        scores.append(room.scores())
        assert (
            sum(scores[run]["00000-honest"].values())
            == sum(scores[run]["zzz-honest"].values())
            == 90
        )
    assert scores[0] == scores[1]
    answer = NbGraderAPI(
        config=Config({"CourseDirectory": {"root": str(room.root)}})
    ).generate_feedback(NAME)
    assert answer["success"], answer
    assert {
        path.parent.parent.name for path in (room.root / "feedback").glob(f"*/{NAME}/*.html")
    } == set(scores[1])
    with Gradebook(room.directory.db_url) as book:
        assert {entry.student_id for entry in book.assignment_submissions(NAME)} == set(scores[1])


def test_a_class_of_mutations_is_graded_whole_alike_and_with_feedback(
    released: Classroom, confined: object, tmp_path: Path
) -> None:
    through_classes(released, confined, tmp_path, some_hand_ins(6, seed=1))


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(2, 12))
def test_classes_of_mutations_are_graded_whole_alike_and_with_feedback(
    seed: int, released: Classroom, confined: object, tmp_path: Path
) -> None:
    through_classes(released, confined, tmp_path, some_hand_ins(20, seed))


def test_the_fuzzing_would_have_found_the_faults_that_it_was_made_for(
    room: Classroom, writer: gradebook.Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flags taken for numbers whatever they are, as heading levels once were, end within sixty
    mutations.
    """
    monkeypatch.setattr(reading, "_flag", lambda value: float(value))
    broken: list[type[BaseException]] = []
    for data in some_hand_ins(60, seed=3):
        try:
            through_the_stages(room, writer, data, [])
        except (ValueError, TypeError, OverflowError) as error:
            broken.append(type(error))
    assert broken
