"""Hand-ins whose folder, names or bytes are the attack, graded amid an honest class."""

import copy
import json
import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from autograder.engine import clean, handin, suspicion
from autograder.engine.classrun import Outcome
from autograder.engine.graded import Graded
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
    for name in (
        "a\nb",
        "<img src=x>",
        "'; DROP TABLE grade; --",
        unicodedata.normalize("NFD", "한글"),
        "[.*",
    ):
        (folder / name).write_text("x")


def _invalid_timestamp(room: Classroom, student: str) -> None:
    room.hand_in(student, stamp="soon <b>")


def _prefilled_outputs(room: Classroom, student: str) -> None:
    notebook = room.filled({"gap_mean": "def gap_mean(x):\n    return 1\n"})
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [
                nbformat.v4.new_output("execute_result", {"text/plain": "297.0"}, execution_count=1)
            ]
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
    attack = (
        "<script>alert('md-attack')</script> [x](javascript:alert(1)) <b onclick=alert(2)>bold</b>"
    )
    attack += (
        " [y](&#106;avascript:alert(3)) [z](javascript\\:alert(4))"
        " [w](java&Tab;script&colon;alert(5))"
    )
    attack += " [v](&amp;#106;avascript:alert(6))\n\n[u]\n\n[u]: JavaScript:alert(7)"
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "short_answer":
            cell.source = attack
    notebook.cells.append(nbformat.v4.new_markdown_cell(attack))
    room.hand_in(student, notebook)


def _named(notebook: NotebookNode, name: str) -> int:
    """The index of the cell with this grade id."""
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    return ids.index(name)


def _text(room: Classroom) -> str:
    """The right answer as a file that is no longer ASCII."""
    notebook = room.filled()
    notebook.cells[_named(notebook, "short_answer")].source = "평균은 위치를 잊습니다."
    return str(nbformat.writes(notebook, ensure_ascii=False))


def _truncated(room: Classroom, student: str) -> None:
    room.hand_in(student, _text(room).encode()[:5000])


def _empty(room: Classroom, student: str) -> None:
    room.hand_in(student, b"")


def _other_json(room: Classroom, student: str) -> None:
    room.hand_in(student, b'{"name": "package", "version": 3}')


def _byte_order_mark(room: Classroom, student: str) -> None:
    room.hand_in(student, _text(room).encode("utf-8-sig"))


def _utf_16(room: Classroom, student: str) -> None:
    room.hand_in(student, _text(room).encode("utf-16"))


def _cp949(room: Classroom, student: str) -> None:
    room.hand_in(student, _text(room).encode("cp949", "xmlcharrefreplace"))


def _crlf(room: Classroom, student: str) -> None:
    notebook = room.filled()
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    room.hand_in(student, nbformat.writes(notebook).replace("\n", "\r\n").encode())


def _nbformat_3(room: Classroom, student: str) -> None:
    old = nbformat.convert(nbformat.reads(nbformat.writes(room.filled()), 4), 3)
    room.hand_in(student, nbformat.writes(old, version=3).encode())


def _nbformat_5(room: Classroom, student: str) -> None:
    tree = json.loads(nbformat.writes(room.filled()))
    room.hand_in(student, json.dumps(tree | {"nbformat": 5, "nbformat_minor": 0}).encode())


def _as_colab_leaves_it(room: Classroom, student: str) -> None:
    tree = json.loads(nbformat.writes(room.filled()))
    for number, cell in enumerate(tree["cells"]):
        cell["metadata"] = {
            "id": f"colab{number}",
            "colab": {"base_uri": "https://localhost:8080/"},
        }
        del cell["id"]
    tree["metadata"] = {
        "colab": {"provenance": []},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
    }
    tree["nbformat_minor"] = 0
    room.hand_in(student, json.dumps(tree).encode())


def _missing_cells(room: Classroom, student: str) -> None:
    notebook = room.filled()
    lost = ("gap_mean", "test_gap_mean", "test_gap_adaptive")
    notebook.cells = [
        c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in lost
    ]
    room.hand_in(student, notebook)


def _reordered_cells(room: Classroom, student: str) -> None:
    notebook = room.filled()
    notebook.cells.reverse()
    room.hand_in(student, notebook)


def _duplicated_cells(room: Classroom, student: str) -> None:
    notebook = room.filled()
    for name in ("gap_mean", "test_gap_mean"):
        notebook.cells.append(copy.deepcopy(notebook.cells[_named(notebook, name)]))
    notebook.cells.append(copy.deepcopy(room.release.cells[_named(room.release, "gap_adaptive")]))
    room.hand_in(student, json.dumps(notebook).encode())  # nbformat would give the copies other ids


def _split_cell(room: Classroom, student: str) -> None:
    notebook = room.filled({"gap_mean": "AXES = (2, 3)"})
    second = nbformat.v4.new_code_cell("def gap_mean(x):\n    return x.mean(dim=AXES)")
    notebook.cells.insert(_named(notebook, "gap_mean") + 1, second)
    room.hand_in(student, notebook)


def _merged_cells(room: Classroom, student: str) -> None:
    notebook = room.filled()
    at, behind = _named(notebook, "gap_adaptive"), _named(notebook, "gap_mean")
    notebook.cells[at].source += "\n\n" + notebook.cells[behind].source
    del notebook.cells[behind]
    room.hand_in(student, notebook)


def _retyped_cells(room: Classroom, student: str) -> None:
    tree = json.loads(nbformat.writes(room.filled()))
    for cell in tree["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") in ("gap_mean", "test_gap_mean"):
            cell["cell_type"] = "markdown"
            del cell["outputs"], cell["execution_count"]
    room.hand_in(student, json.dumps(tree).encode())


def _no_schema_version(room: Classroom, student: str) -> None:
    notebook = room.filled()
    for cell in notebook.cells:
        cell.metadata.get("nbgrader", {}).pop("schema_version", None)
    room.hand_in(student, notebook)


def _unknown_schema_version(room: Classroom, student: str) -> None:
    notebook = room.filled()
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"]["schema_version"] = 99
    room.hand_in(student, notebook)


def _edited_flags(room: Classroom, student: str) -> None:
    notebook = room.filled({"gap_mean": "def gap_mean(x):\n    return 1\n"})
    test = notebook.cells[_named(notebook, "test_gap_mean")]
    test.source = "pass"
    test.metadata["nbgrader"] |= {"points": 297, "locked": False, "grade": False, "solution": True}
    room.hand_in(student, notebook)


def _renamed_in_hangul(room: Classroom, student: str) -> None:
    folder = room.hand_in(student)
    (folder / f"{NAME}.ipynb").rename(folder / unicodedata.normalize("NFD", "과제 둘.ipynb"))


def _file_names_in_two_forms(room: Classroom, student: str) -> None:
    folder = room.hand_in(student, room.release)
    (folder / f"{NAME}.ipynb").rename(folder / unicodedata.normalize("NFC", "과제.ipynb"))
    nbformat.write(room.filled(), folder / unicodedata.normalize("NFD", "과제.ipynb"))


def _notebook_with_a_hostile_name(room: Classroom, student: str) -> None:
    folder = room.hand_in(student)
    (folder / f"{NAME}.ipynb").rename(
        folder / "..\n'\"[a-z]*(?P<x>)$<script>alert(1)<script>.ipynb"
    )


def _changed(room: Classroom, change: Callable[[dict[str, Any]], None]) -> str:
    """The right answer's JSON, changed."""
    tree = json.loads(nbformat.writes(room.filled()))
    change(tree)
    return json.dumps(tree)


def _headings_of_odd_levels(room: Classroom, student: str) -> None:
    levels = ["two", [1], 1e300, float("inf"), float("nan"), 300_000_000, -1, 2.0, True, None, {}]
    cells = [
        {"cell_type": "heading", "level": level, "metadata": {}, "source": "x"} for level in levels
    ]
    room.hand_in(student, _changed(room, lambda tree: tree["cells"].extend(cells)).encode())


def _deep_metadata(room: Classroom, student: str) -> None:
    def change(tree: dict[str, Any]) -> None:
        tree["nbformat"] = tree["metadata"]["kernelspec"]["name"] = "@@"
        for cell in tree["cells"]:
            if given := cell["metadata"].get("nbgrader"):
                given |= {"checksum": "@@", "points": "@@"}

    room.hand_in(student, _changed(room, change).replace('"@@"', "[" * 900 + "]" * 900).encode())


def _numbers_without_bound(room: Classroom, student: str) -> None:
    def change(tree: dict[str, Any]) -> None:
        for number, cell in enumerate(tree["cells"]):
            if given := cell["metadata"].get("nbgrader"):
                given["points"] = ("@@", float("nan"), float("inf"))[number % 3]

    room.hand_in(student, _changed(room, change).replace('"@@"', "9" * 4000).encode())


def _lone_surrogates(room: Classroom, student: str) -> None:
    def change(tree: dict[str, Any]) -> None:
        tree["nbformat"] = tree["metadata"]["kernelspec"]["name"] = "@@"
        for cell in tree["cells"]:
            cell["metadata"]["tags"] = ["@@"]
            if cell["cell_type"] == "markdown":
                cell["attachments"] = {"@@": {"image/png": "@@"}}
        tree["cells"].append(
            {
                "cell_type": "code",
                "source": "x = '@@'",
                "metadata": {"nbgrader": {"grade_id": "@@"}},
            }
        )

    room.hand_in(student, _changed(room, change).replace("@@", "\\ud800").encode())


def _sixty_thousand_blank_lines(room: Classroom, student: str) -> None:
    room.hand_in(
        student,
        room.filled({"gap_mean": f"{room.exercise.solutions['gap_mean']}\n{chr(10) * 60_000}pass"}),
    )


def _two_megabytes_of_syntax(room: Classroom, student: str) -> None:
    notebook = room.filled()
    notebook.cells.append(nbformat.v4.new_code_cell("a = 1\n" + "a;" * 1_000_000))
    room.hand_in(student, notebook)


def _class_whose_base_is_four_hundred_deep(room: Classroom, student: str) -> None:
    notebook = room.filled()
    deep = ".b" * 400
    notebook.cells.append(
        nbformat.v4.new_code_cell(f"import torch\nclass A(a{deep}): pass\ntorch{deep} = 1")
    )
    room.hand_in(student, notebook)


def _text_that_is_slow_to_render(room: Classroom, student: str) -> None:
    notebook = room.filled({"short_answer": "**a " * 5000 + " b**" * 5000})
    notebook.cells += [
        nbformat.v4.new_markdown_cell("**a " * 2000 + " b**" * 2000) for _ in range(50)
    ]
    notebook.cells.append(nbformat.v4.new_code_cell("\t \n" * 6000 + "pass"))
    room.hand_in(student, notebook)


def _a_thousand_odd_cells(room: Classroom, student: str) -> None:
    notebook = room.filled()
    notebook.cells += [
        nbformat.v4.new_code_cell(f"import ctypes  # {number}") for number in range(1000)
    ]
    room.hand_in(student, notebook)


def _pasted_picture(room: Classroom, student: str) -> None:
    notebook = room.filled(
        {"short_answer": "My sketch: ![s](attachment:내%20그림.png) ![t](attachment:gone.png)"}
    )
    answer = notebook.cells[_named(notebook, "short_answer")]
    answer["attachments"] = {
        "내 그림.png": {"image/png": PICTURE},
        "x.svg": {"image/svg+xml": "<svg/>"},
    }
    room.hand_in(student, notebook)


def _picture_embedded_by_colab(room: Classroom, student: str) -> None:
    room.hand_in(
        student,
        room.filled({"short_answer": f"![s.png](data:image/png;base64,{PICTURE}) is my sketch."}),
    )


def _answer_in_a_new_cell(room: Classroom, student: str) -> None:
    notebook = room.filled(
        {"short_answer": room.release.cells[_named(room.release, "short_answer")].source}
    )
    at = _named(notebook, "short_answer") + 1
    notebook.cells.insert(at, nbformat.v4.new_markdown_cell("The mean forgets the place."))
    notebook.cells.insert(at + 1, nbformat.v4.new_code_cell("# And the parameters: 130."))
    room.hand_in(student, notebook)


def _answer_in_the_question(room: Classroom, student: str) -> None:
    notebook = room.filled(
        {"short_answer": room.release.cells[_named(room.release, "short_answer")].source}
    )
    question = notebook.cells[_named(notebook, "short_answer") - 1]
    assert question.cell_type == "markdown" and "nbgrader" not in question.metadata
    question.source += "\n\nThe mean forgets the place."
    room.hand_in(student, notebook)


# case → (tests lost, by function; None: all), kind of incident
CASES: dict[Callable[[Classroom, str], None], tuple[list[str] | None, str | None]] = {
    _symlink: ([], "link"), _notebook_is_a_link: (None, "link"),
    _notebook_is_a_hard_link: (None, "link"),
    _notebook_is_a_pipe: (None, "unreadable"), _shadow_files: ([], "files"),
    _renamed: ([], "renamed"),
    _both_editions: ([], "files"), _odd_file_names: ([], "files"),
    _invalid_timestamp: ([], "timestamp"),
    _prefilled_outputs: (["gap_mean"], None), _skip_tags: (["gap_mean"], "tags"),
    _wrong_kernel: ([], "kernel"),
    _html_in_markdown: ([], None), _truncated: (None, "unreadable"), _empty: (None, "unreadable"),
    _other_json: (None, "unreadable"), _byte_order_mark: ([], "encoding"),
    _utf_16: ([], "encoding"),
    _cp949: ([], "encoding"), _crlf: ([], None), _nbformat_3: ([], "format"),
    _nbformat_5: ([], "format"),
    _as_colab_leaves_it: ([], "metadata"), _missing_cells: (["gap_mean"], "missing"),
    _reordered_cells: ([], "order"),
    _duplicated_cells: ([], "duplicate"), _split_cell: ([], None), _merged_cells: ([], "missing"),
    _retyped_cells: ([], "retyped"), _no_schema_version: ([], None),
    _unknown_schema_version: ([], None),
    _edited_flags: (["gap_mean"], "metadata"), _renamed_in_hangul: ([], "renamed"),
    _file_names_in_two_forms: ([], "files"), _notebook_with_a_hostile_name: ([], "renamed"),
    _headings_of_odd_levels: ([], None), _deep_metadata: ([], "metadata"),
    _numbers_without_bound: ([], "metadata"),
    _lone_surrogates: ([], "tags"), _sixty_thousand_blank_lines: ([], None),
    _two_megabytes_of_syntax: ([], "unread"),
    _class_whose_base_is_four_hundred_deep: ([], "suspicious"),
    _text_that_is_slow_to_render: ([], None),
    _a_thousand_odd_cells: ([], "suspicious"), _pasted_picture: ([], "picture"),
    _picture_embedded_by_colab: ([], None),
    _answer_in_a_new_cell: ([], "moved"), _answer_in_the_question: ([], "moved"),
}  # fmt: skip
PICTURE = (
    # one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HONEST = ["honest one", "honest two"]
IDS = [
    "O'Brien",
    "a+b(c)*",
    "^$.*?",
    "김철수",
    unicodedata.normalize("NFD", "이영희"),
    "name with blanks",
    "2026.1234",
    "CON",
    "anna",
    "ANNA",
]
REFUSED = [
    "..a",
    "a[b]",
    "line\nbreak",
    "<script>",
    "a&b",
    "back`tick",
    'quo"te',
    "tab\t",
    "\u2028",
    "*",
    "--force",
    "=1+1",
    "anna\u200f",
]


@pytest.fixture(scope="module")
def graded(
    released: Classroom, confined: object, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Classroom, Outcome]:
    room = released.copy(tmp_path_factory.mktemp("damage"))
    room.server = confined  # type: ignore[assignment]
    for case in CASES:
        case(room, case.__name__)
    for student in [*HONEST, *IDS, *REFUSED]:
        room.hand_in(student)
    (room.root / "submitted" / "linked-student").symlink_to(room.root / "submitted" / "O'Brien")
    (room.root / "submitted" / "nothing" / NAME).mkdir(parents=True)
    return room, room.grade()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_folder_is_graded_as_it_deserves(
    case: Callable[[Classroom, str], None], graded: tuple[Classroom, Outcome]
) -> None:
    room, outcome = graded
    _is_as_it_deserves(case, room, outcome)


def _is_as_it_deserves(
    case: Callable[[Classroom, str], None], room: Classroom, outcome: Outcome
) -> None:
    lost, kind = CASES[case]
    scores = room.scores()[case.__name__]
    zero = {test for test, points in scores.items() if points == 0}
    assert zero == {
        test.id for test in room.exercise.tests.values() if lost is None or test.function in lost
    }
    kinds = {entry["kind"] for entry in outcome.incidents[case.__name__]}
    assert kind is None or kind in kinds
    assert all("\n" not in entry["text"] for entry in outcome.incidents[case.__name__])


@pytest.mark.prove
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_folder_alone_is_graded_as_it_deserves(
    case: Callable[[Classroom, str], None], classroom: Classroom
) -> None:
    case(classroom, case.__name__)
    _is_as_it_deserves(case, classroom, classroom.grade())


@pytest.mark.parametrize("student", IDS)
def test_odd_but_honest_ids_are_graded(student: str, graded: tuple[Classroom, Outcome]) -> None:
    room, _ = graded
    assert sum(room.scores()[unicodedata.normalize("NFC", student)].values()) == 90


def test_honest_students_among_all_this_lose_nothing(graded: tuple[Classroom, Outcome]) -> None:
    room, outcome = graded
    assert [sum(room.scores()[student].values()) for student in HONEST] == [90, 90]
    assert [outcome.incidents[student] for student in HONEST] == [[], []]


def test_feedback_is_made_for_every_student_and_runs_nothing(
    graded: tuple[Classroom, Outcome],
) -> None:
    room, _ = graded
    answer = NbGraderAPI(
        config=Config({"CourseDirectory": {"root": str(room.root)}})
    ).generate_feedback(NAME)
    assert answer["success"], answer
    students = set(room.scores())
    pages = {
        path.parent.parent.name: path.read_text()
        for path in (room.root / "feedback").glob(f"*/{NAME}/*.html")
    }
    assert set(pages) == students
    page = pages["_html_in_markdown"]
    assert "md-attack" in page and "<script>alert" not in page and "<b onclick" not in page
    assert not re.search(r"(?i)href=.(javascript|vbscript|data):[^i]", page) and "href=" in page


def test_pictures_in_a_short_answer_are_kept_and_shown(graded: tuple[Classroom, Outcome]) -> None:
    room, outcome = graded
    for student in ("_pasted_picture", "_picture_embedded_by_colab"):
        page = (room.root / "feedback" / student / NAME / f"{NAME}.html").read_text()
        assert f'src="data:image/png;base64,{PICTURE}"' in page
    assert (
        "no such picture"
        in (room.root / "feedback" / "_pasted_picture" / NAME / f"{NAME}.html").read_text()
    )
    assert "wants 1 pictures that are not in the file" in str(outcome.incidents["_pasted_picture"])


def test_answer_that_stands_elsewhere_waits_for_a_person(graded: tuple[Classroom, Outcome]) -> None:
    room, outcome = graded
    waits = {
        row[1]: row[5] for row in room.rows() if row[0] == "grade" and row[2] == "short_answer"
    }
    assert waits["_answer_in_a_new_cell"] and waits["_answer_in_the_question"]
    cells = nbformat.read(
        room.root / "autograded" / "_answer_in_a_new_cell" / NAME / f"{NAME}.ipynb", 4
    )
    answer = cells.cells[_named(cells, "short_answer")].source
    assert answer == "The mean forgets the place.\n\n# And the parameters: 130."
    moved = [
        entry for entry in outcome.incidents["_answer_in_a_new_cell"] if entry["kind"] == "moved"
    ]
    assert moved[0]["text"].endswith("is taken as the answer. Grade by hand.")
    assert "The mean forgets the place." in (
        room.root / "autograded" / "_answer_in_the_question" / NAME / f"{NAME}.ipynb"
    ).read_text(encoding="utf-8")


def test_report_of_one_hand_in_is_bounded(graded: tuple[Classroom, Outcome]) -> None:
    _, outcome = graded
    incidents = outcome.incidents["_a_thousand_odd_cells"]
    assert len(incidents) == 21 and incidents[-1]["text"] == "… and 980 more of this kind."
    assert all(len(entry["text"]) <= 600 for found in outcome.incidents.values() for entry in found)


def test_ids_that_could_do_harm_are_refused_by_name(graded: tuple[Classroom, Outcome]) -> None:
    _, outcome = graded
    assert set(outcome.refused) == {ascii(name) for name in [*REFUSED, "linked-student"]}
    assert all(
        "not graded. Rename it." in text and "\n" not in text for text in outcome.refused.values()
    )


def test_folder_without_a_notebook_scores_zero_with_the_reason(
    graded: tuple[Classroom, Outcome],
) -> None:
    room, outcome = graded
    assert sum(room.scores()["nothing"].values()) == 0
    assert outcome.incidents["nothing"][0]["text"].startswith(
        "There is no notebook in the folder: scores 0."
    )


def test_markdown_of_students_runs_nothing(graded: tuple[Classroom, Outcome]) -> None:
    room, _ = graded
    text = (room.root / "autograded" / "_html_in_markdown" / NAME / f"{NAME}.ipynb").read_text()
    assert text.count("&lt;script>") == 2 and "<script" not in text
    assert "javascript:" not in text and "<b onclick" not in text


def test_nothing_of_the_host_is_copied_to_the_graded_tree(
    graded: tuple[Classroom, Outcome],
) -> None:
    room, _ = graded
    names = {path.name for path in (room.root / "autograded").rglob("*") if path.is_file()}
    assert names == {f"{NAME}.ipynb"}


def test_report_escapes_what_students_wrote(tmp_path: Path) -> None:
    attack = "<script>alert(1)</script>"
    outcome = Outcome(
        incidents={attack: [{"kind": attack, "text": attack, "cell": ""}]},
        layers=LayerReport({}, True),
    )
    outcome.graded = [Graded(attack, "ex", {}, {}, [], "", None)]
    page = write(outcome, "ex", tmp_path).read_text()
    assert "<script" not in page and "&lt;script&gt;" in page
    assert (
        json.loads((tmp_path / "incidents.json").read_text())["incidents"][attack][0]["text"]
        == attack
    )


def test_text_keeps_colours_and_loses_other_control_sequences() -> None:
    assert (
        clean.text("\x1b[31mred\x1b[0m\x1b]0;title\x07\x1b[2Jend\x00")
        == "\x1b[31mred\x1b[0m]0;title[2Jend"
    )


def test_long_text_is_cut_in_the_middle() -> None:
    assert len(clean.text("x" * 100_000)) < 21_000 and "80,000 characters left out" in clean.text(
        "x" * 100_000
    )


def test_only_real_pictures_pass() -> None:
    entry = {
        "output_type": "display_data",
        "data": {"image/png": "bm90IGEgcG5n", "image/svg+xml": "<svg/>"},
    }
    (output,) = clean.outputs([entry])
    assert list(output.data) == ["text/plain"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        ".a",
        "a[b]",
        "a/b",
        " a",
        "a\x00",
        "x" * 300,
        "a\u2028b",
        "+1",
        "@a",
        "a\u202eb",
    ],
)
def test_bad_student_names(name: str) -> None:
    assert handin.student_problem(name)


def test_pip_install_is_not_suspicious_and_shell_is() -> None:
    assert suspicion.findings([("a", "!pip install x\n%pip install -q y")]) == []
    assert suspicion.findings([("a", "!rm -rf /")])[0].text == "Cell a runs commands."
