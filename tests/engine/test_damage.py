"""Hand-ins whose folder, names or bytes are the attack, graded amid an honest class."""

import json
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from autograder.engine import clean, handin, suspicion
from autograder.engine.classrun import Outcome
from autograder.engine.one import Graded
from autograder.engine.report import write
from autograder.sandbox import LayerReport

from .classroom import NAME, Classroom


def _symlink(room: Classroom, student: str) -> None:
    folder = room.hand_in(student)
    (folder / "secret.txt").symlink_to("/etc/passwd")
    (folder / "dir").symlink_to("/")


def _notebook_is_a_link(room: Classroom, student: str) -> None:
    folder = room.hand_in(student)
    (folder / f"{NAME}.ipynb").unlink()
    (folder / f"{NAME}.ipynb").symlink_to(room.root / "source" / NAME / f"{NAME}.ipynb")


def _notebook_is_a_hard_link(room: Classroom, student: str) -> None:
    folder = room.hand_in(student)
    (folder / f"{NAME}.ipynb").unlink()
    os.link(room.root / "source" / NAME / f"{NAME}.ipynb", folder / f"{NAME}.ipynb")


def _notebook_is_a_pipe(room: Classroom, student: str) -> None:
    folder = room.hand_in(student)
    (folder / f"{NAME}.ipynb").unlink()
    os.mkfifo(folder / f"{NAME}.ipynb")


def _shadow_files(room: Classroom, student: str) -> None:
    folder = room.hand_in(student)
    for name in ("torch.py", "statistics.py", "sitecustomize.py", "usercustomize.py"):
        (folder / name).write_text("raise SystemExit('shadowed')")


def _renamed(room: Classroom, student: str) -> None:
    folder = room.hand_in(student)
    (folder / f"{NAME}.ipynb").rename(folder / "내 과제 (1).ipynb")


def _both_editions(room: Classroom, student: str) -> None:
    folder = room.hand_in(student, room.release)
    nbformat.write(room.filled(), folder / f"{NAME}_en.ipynb")


def _odd_file_names(room: Classroom, student: str) -> None:
    folder = room.hand_in(student)
    for name in ("a\nb", "<img src=x>", "'; DROP TABLE grade; --", unicodedata.normalize("NFD", "한글"), "[.*"):
        (folder / name).write_text("x")


def _invalid_timestamp(room: Classroom, student: str) -> None:
    room.hand_in(student, stamp="soon <b>")


def _prefilled_outputs(room: Classroom, student: str) -> None:
    notebook = room.filled({"gap_mean": "def gap_mean(x):\n    return 1\n"})
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "297.0"}, execution_count=1)]
    room.hand_in(student, notebook)


def _skip_tags(room: Classroom, student: str) -> None:
    notebook = room.filled({"gap_mean": "def gap_mean(x):\n    return 1\n"})
    for cell in notebook.cells:
        if str(cell.metadata.get("nbgrader", {}).get("grade_id")).startswith("test_"):
            cell.metadata["tags"] = ["skip-execution"]
            cell.metadata["nbgrader"] |= {"points": 297, "locked": False}
    room.hand_in(student, notebook)


def _wrong_kernel(room: Classroom, student: str) -> None:
    notebook = room.filled()
    notebook.metadata["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    room.hand_in(student, notebook)


def _html_in_markdown(room: Classroom, student: str) -> None:
    notebook = room.filled()
    attack = "<script>alert('md-attack')</script> [x](javascript:alert(1)) <b onclick=alert(2)>bold</b>"
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "short_answer":
            cell.source = attack
    notebook.cells.append(nbformat.v4.new_markdown_cell(attack))
    room.hand_in(student, notebook)


# case → (tests lost, by function; None: all), kind of incident
CASES: dict[Callable[[Classroom, str], None], tuple[list[str] | None, str | None]] = {
    _symlink: ([], "link"), _notebook_is_a_link: (None, "link"), _notebook_is_a_hard_link: (None, "link"),
    _notebook_is_a_pipe: (None, "unreadable"), _shadow_files: ([], "files"), _renamed: ([], "renamed"),
    _both_editions: ([], "files"), _odd_file_names: ([], "files"), _invalid_timestamp: ([], "timestamp"),
    _prefilled_outputs: (["gap_mean"], None), _skip_tags: (["gap_mean"], "tags"), _wrong_kernel: ([], "kernel"),
    _html_in_markdown: ([], None),
}  # fmt: skip
IDS = ["O'Brien", "a+b(c)[d]*", "김철수", unicodedata.normalize("NFD", "이영희"), "name with blanks", "2026.1234"]
REFUSED = ["line\nbreak", "<script>", "a&b", "back`tick"]


@pytest.fixture(scope="module")
def graded(
    released: Classroom, confined: object, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Classroom, Outcome]:
    room = released.copy(tmp_path_factory.mktemp("damage"))
    room.server = confined  # type: ignore[assignment]
    for case in CASES:
        case(room, case.__name__)
    for student in [*IDS, *REFUSED]:
        room.hand_in(student)
    (room.root / "submitted" / "linked-student").symlink_to(room.root / "submitted" / "O'Brien")
    (room.root / "submitted" / "nothing" / NAME).mkdir(parents=True)
    return room, room.grade()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_folder_is_graded_as_it_deserves(
    case: Callable[[Classroom, str], None], graded: tuple[Classroom, Outcome]
) -> None:
    room, outcome = graded
    lost, kind = CASES[case]
    scores = room.scores()[case.__name__]
    zero = {test for test, points in scores.items() if points == 0}
    assert zero == {test.id for test in room.exercise.tests.values() if lost is None or test.function in lost}
    kinds = {entry["kind"] for entry in outcome.incidents[case.__name__]}
    assert kind is None or kind in kinds


@pytest.mark.parametrize("student", IDS)
def test_odd_but_honest_ids_are_graded(student: str, graded: tuple[Classroom, Outcome]) -> None:
    room, _ = graded
    assert sum(room.scores()[unicodedata.normalize("NFC", student)].values()) == 90


def test_ids_that_could_do_harm_are_refused_by_name(graded: tuple[Classroom, Outcome]) -> None:
    _, outcome = graded
    assert set(outcome.refused) == {ascii(name) for name in [*REFUSED, "linked-student"]}
    assert all("not graded. Rename it." in text and "\n" not in text for text in outcome.refused.values())


def test_folder_without_a_notebook_scores_zero_with_the_reason(graded: tuple[Classroom, Outcome]) -> None:
    room, outcome = graded
    assert sum(room.scores()["nothing"].values()) == 0
    assert outcome.incidents["nothing"][0]["text"].startswith("There is no notebook in the folder: scores 0.")


def test_markdown_of_students_runs_nothing(graded: tuple[Classroom, Outcome]) -> None:
    room, _ = graded
    text = (room.root / "autograded" / "_html_in_markdown" / NAME / f"{NAME}.ipynb").read_text()
    assert text.count("&lt;script>") == 2 and "<script" not in text
    assert "javascript:" not in text and "<b onclick" not in text


def test_nothing_of_the_host_is_copied_to_the_graded_tree(graded: tuple[Classroom, Outcome]) -> None:
    room, _ = graded
    names = {path.name for path in (room.root / "autograded").rglob("*") if path.is_file()}
    assert names == {f"{NAME}.ipynb"}


def test_report_escapes_what_students_wrote(tmp_path: Path) -> None:
    attack = "<script>alert(1)</script>"
    outcome = Outcome(incidents={attack: [{"kind": attack, "text": attack, "cell": ""}]}, layers=LayerReport({}, True))
    outcome.graded = [Graded(attack, "ex", "", {}, [], "", None)]
    page = write(outcome, "ex", tmp_path).read_text()
    assert "<script" not in page and "&lt;script&gt;" in page
    assert json.loads((tmp_path / "incidents.json").read_text())["incidents"][attack][0]["text"] == attack


def test_text_keeps_colours_and_loses_other_control_sequences() -> None:
    assert clean.text("\x1b[31mred\x1b[0m\x1b]0;title\x07\x1b[2Jend\x00") == "\x1b[31mred\x1b[0m]0;title[2Jend"


def test_long_text_is_cut_in_the_middle() -> None:
    assert len(clean.text("x" * 100_000)) < 21_000 and "80,000 characters left out" in clean.text("x" * 100_000)


def test_only_real_pictures_pass() -> None:
    entry = {"output_type": "display_data", "data": {"image/png": "bm90IGEgcG5n", "image/svg+xml": "<svg/>"}}
    (output,) = clean.outputs([entry])
    assert list(output.data) == ["text/plain"]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", " a", "a\x00", "x" * 300, "a\u2028b"])
def test_bad_student_names(name: str) -> None:
    assert handin.student_problem(name)


def test_pip_install_is_not_suspicious_and_shell_is() -> None:
    assert suspicion.findings([("a", "!pip install x\n%pip install -q y")]) == []
    assert suspicion.findings([("a", "!rm -rf /")])[0].text == "Cell a runs commands."
