"""Whose hand-in is it: layouts as learning management systems, browsers and people make them."""

import unicodedata
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import grade
from autograder.engine import handin
from autograder.engine.collect import Work, gather
from autograder.engine.names import of_file, of_folder
from tests.engine import course
from tests.engine.classroom import NAME, Classroom
from tests.engine.test_zips import GOOD, NOTEBOOK, packed_as

MOODLE = "assignsubmission_file_"


def collected(folder: Path, files: dict[str, bytes]) -> tuple[dict[str, Work], list[str]]:
    """Student to hand-in, and what is said, of a folder with these files."""
    for name, content in files.items():
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    found, said = gather(folder / "in", folder / "tree", NAME)
    assert len({work.student for work in found}) == len(found)
    return {work.student: work for work in found}, said


def as_cp949(names: list[str], flagged: bool) -> bytes:
    """A zip with names as Korean Windows writes them, or as a program rewrites them that takes them
    for old DOS's.
    """
    if flagged:
        return packed_as({name.encode("cp949").decode("cp437"): GOOD for name in names})
    content = packed_as(
        {
            f"{number:04}{'x' * (len(name.encode('cp949')) - 4)}": GOOD
            for number, name in enumerate(names)
        }
    )
    for number, name in enumerate(names):
        raw = name.encode("cp949")
        content = content.replace(f"{number:04}{'x' * (len(raw) - 4)}".encode(), raw)
    return content


NFD = unicodedata.normalize("NFD", "김민수")
# what is in the folder: file, or archive with its entries; the students
LAYOUTS: dict[str, tuple[dict[str, bytes], set[str]]] = {
    "canvas": (
        {
            "x.zip": packed_as({
                f"kimminsu_12345_678901_{NOTEBOOK}": GOOD,
                f"leejieun_LATE_12346_678902_{NAME}-1.ipynb": GOOD,
                f"choiyuna_12349_678905_Copy of {NOTEBOOK}": GOOD,
                "hanbyul_12351_678907_hw2.ipynb": GOOD,
                f"김민수_12348_678904_{NAME} (1).ipynb": GOOD,
                "parkseo_12352_678909_work.zip": packed_as({"a.ipynb": GOOD}),
            }),
        },
        {"kimminsu", "leejieun", "choiyuna", "hanbyul", "김민수", "parkseo"},
    ),
    "moodle": (
        {
            "x.zip": packed_as({
                f"Kim Minsu_1_{MOODLE}/{NOTEBOOK}": GOOD, f"{NFD}_2_{MOODLE}/과제2 (1).ipynb": GOOD,
                f"엄하나_3_{MOODLE}/엄_하나_{NOTEBOOK}": GOOD,
                f"Lee_4_{MOODLE}/hw.zip": packed_as({f"x/{NOTEBOOK}": GOOD}),
                f"Flat Name_5_{MOODLE}{NOTEBOOK}": GOOD,
            }),
        },
        {"Kim Minsu", "김민수", "엄하나", "Lee", "Flat Name"},
    ),
    "moodle, unpacked": (
        {f"Kim Minsu_1_{MOODLE}/{NOTEBOOK}": GOOD, f"Lee Jieun_2_{MOODLE}/a.ipynb": GOOD},
        {"Kim Minsu", "Lee Jieun"}
    ),
    "moodle, a class of one": ({"x.zip": packed_as({f"Kim_1_{MOODLE}/{NOTEBOOK}": GOOD})}, {"Kim"}),
    "moodle, cp949": ({"x.zip": as_cp949([f"김민수_1_{MOODLE}/{NOTEBOOK}", f"박서준_2_{MOODLE}/a.ipynb"],
                False)},
                      {"김민수", "박서준"}),
    "cp949 taken for dos": (
        {"all.zip": as_cp949([f"가나다/{NOTEBOOK}", f"라마바/{NOTEBOOK}"], True)}, {"가나다", "라마바"}
    ),
    "classroom": (
        {
            "x.zip": packed_as({
                f"Kim Minsu - Copy of {NOTEBOOK}": GOOD, f"이지은 - {NOTEBOOK}의 사본": GOOD,
                f"20260032_{NAME}(1).ipynb": GOOD, f"20260031_{NOTEBOOK}.txt": GOOD,
            }),
        },
        {"Kim Minsu", "이지은", "20260032", "20260031"},
    ),
    "folders with any name inside": (
        {f"anna/Copy of {NOTEBOOK}": GOOD, "bora/과제.ipynb의 사본.ipynb": GOOD,
            f"chul/x/{NAME}-2.ipynb": GOOD,
         "dora/work.zip": packed_as({"a/b.ipynb": GOOD})},
        {"anna", "bora", "chul", "dora"},
    ),
    "a class in a folder of its own": (
        {f"submissions/kim_12_34_{NOTEBOOK}": GOOD, "submissions/lee_13_35_x.ipynb": GOOD},
        {"kim", "lee"}
    ),
    "a class's folder in a folder": (
        {f"과제 2 제출/{name}/{NOTEBOOK}": GOOD for name in ("anna", "bora")}, {"anna", "bora"}
    ),
    "a class's folder in an archive": (
        {"x.zip": packed_as({f"week 3/{name}/{NOTEBOOK}": GOOD for name in ("anna", "bora")})},
        {"anna", "bora"}
    ),
    "a class deep in an archive": (
        {"x.zip": packed_as({f"3반/과제2/{name}/{NOTEBOOK}": GOOD for name in ("20260001_홍길동",
                        "20260002_김영희")})},
        {"20260001_홍길동", "20260002_김영희"},
    ),
    "students' archives": (
        {"20269001_hw.zip": packed_as({f"ex02/{NOTEBOOK}": GOOD}),
            "bora.zip": packed_as({"a.ipynb": GOOD}),
         "20269003_김철수.zip": packed_as({"a.ipynb": GOOD})},
        {"20269001", "bora", "20269003"},
    ),
    "one student's folder": ({f"anna/{NAME}/{NOTEBOOK}": GOOD}, {"anna"}),
    "one student's archive": ({"20269001_hw.zip": packed_as({f"ex02/{NOTEBOOK}": GOOD})},
        {"20269001"}),
    "blackboard": ({f"ex02_kim_attempt_2026-11-28-20-31-00_{NOTEBOOK}": GOOD}, {"kim"}),
    "brightspace": ({"1-2 - Kim Minsu - Nov 28, 2026 831 PM/a.ipynb": GOOD}, {"Kim Minsu"}),
    "no student": (
        {NOTEBOOK: GOOD, f"Copy_of_{NOTEBOOK}": GOOD, f"my_{NAME}_final.ipynb": GOOD,
            "과제2.ipynb": GOOD}, set()
    ),
    "marks that cannot be seen": ({f"\u200fanna\u200f/{NOTEBOOK}": GOOD}, {"anna"}),
}  # fmt: skip


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_students_of_a_layout_are_told(layout: str, tmp_path: Path) -> None:
    files, students = LAYOUTS[layout]
    found, said = collected(tmp_path, files)
    assert set(found) == students, said
    assert all(
        path.read_bytes() == GOOD
        for work in found.values()
        for path in work.notebooks(NAME).values()
    )


def test_an_archive_as_such_is_collected(tmp_path: Path) -> None:
    (tmp_path / "in put.zip").write_bytes(
        packed_as({f"{name}/{NOTEBOOK}": GOOD for name in ("anna", "bora")})
    )
    found, _ = gather(tmp_path / "in put.zip", tmp_path / "tree", NAME)
    assert {work.student for work in found} == {"anna", "bora"}


def test_file_named_after_somebody_else_stays_with_who_sent_it(tmp_path: Path) -> None:
    other = GOOD + b" "
    entries = {
        f"Kim_1_{MOODLE}/Lee_{NOTEBOOK}": other,
        f"Choi_3_{MOODLE}/Jung_{NOTEBOOK}": other,
        f"Park_4_{MOODLE}/Lee_2_{MOODLE}/{NOTEBOOK}": other,
        f"Han_5_{MOODLE}/Lee_2_{MOODLE}.zip": packed_as({NOTEBOOK: other}),
        f"Lee_2_{MOODLE}/{NOTEBOOK}": GOOD,
    }
    found, _ = collected(tmp_path, {"x.zip": packed_as(entries)})
    assert set(found) == {"Kim", "Lee", "Choi", "Park", "Han"}
    assert [path.read_bytes() for path in found["Lee"].files] == [GOOD]


def test_archive_among_others_takes_nobodys_place(tmp_path: Path) -> None:
    trick = packed_as({f"{name}/{NOTEBOOK}": b"{}" for name in ("bora", "chul", "dora")})
    found, said = collected(
        tmp_path, {f"bora/{NOTEBOOK}": GOOD, f"chul_{NOTEBOOK}": GOOD, "emil.zip": trick}
    )
    assert found["bora"].files[0].read_bytes() == found["chul"].files[0].read_bytes() == GOOD
    assert any(
        "'bora': 2 hand-ins in this name" in line and "'bora' is taken" in line for line in said
    )
    assert any(
        line.startswith("The archive 'emil' holds hand-ins in the names of 'dora'") for line in said
    )


def test_two_persons_of_one_name_are_told_apart_by_the_lms(tmp_path: Path) -> None:
    found, said = collected(
        tmp_path, {f"Kim_{number}_{MOODLE}/{NOTEBOOK}": GOOD for number in (1, 2)}
    )
    assert set(found) == {"Kim (1)", "Kim (2)"} and any(
        "2 students of this name" in line for line in said
    )


def test_two_files_of_one_person_are_one_hand_in(tmp_path: Path) -> None:
    found, said = collected(tmp_path, {f"kim_12_{number}_a.ipynb": GOOD for number in (34, 35)})
    assert len(found["kim"].notebooks(NAME)) == 2 and any("2 notebooks" in line for line in said)


def test_notebooks_of_other_assignments_are_left_out(tmp_path: Path) -> None:
    files = {f"anna/{name}.ipynb": GOOD for name in (f"{NAME} (1)", "ex03_modern_cnn", "ch02_gap")}
    found, _ = collected(tmp_path, files)
    assert [path.stem for path in found["anna"].notebooks(NAME).values()] == [f"{NAME} (1)"]


def test_what_the_lms_says_of_the_time_is_kept(tmp_path: Path) -> None:
    files = {
        f"kim_LATE_12_34_{NOTEBOOK}": GOOD,
        f"ex02_lee_attempt_2026-11-28-20-31-00_{NOTEBOOK}": GOOD,
    }
    found, said = collected(tmp_path, files)
    assert found["kim"].name.late and any(
        "'kim': the LMS marks this hand-in as late" in line for line in said
    )
    assert found["lee"].stamp == "2026-11-28 20:31:00 UTC"


def test_files_of_other_kinds_are_named_one_by_one(tmp_path: Path) -> None:
    names = ["20269006_ex02.py", "20269008_ex02.docx", "anna/answer.pdf", "bora.hwp"]
    zipped = packed_as(
        {"lee/a.ipynb": GOOD, "lee/notes.txt": b"", "__MACOSX/x": b"", "lee/.DS_Store": b""}
    )
    _, said = collected(
        tmp_path, {name: b"" for name in names} | {"class.zip": zipped, f"c_{NOTEBOOK}.txt": GOOD}
    )
    for name in [*names, "lee/notes.txt"]:
        assert sum(f"{name}' is no notebook; not used" in line for line in said) == 1, said
    assert any(
        f"c_{NOTEBOOK}.txt' is not called .ipynb; taken for a notebook" in line for line in said
    )
    assert not any("MACOSX" in line or "DS_Store" in line for line in said)


def test_one_broken_or_odd_entry_costs_the_others_nothing(tmp_path: Path) -> None:
    long = "x" * 300
    entries = {
        f"kim/{NOTEBOOK}": GOOD, f"lee/{NOTEBOOK}": b"0123456789" * 9, f"choi/{long}.ipynb": GOOD,
        f"park/{long}.zip": packed_as({"a.ipynb": GOOD}), f"han/{NOTEBOOK}/a.ipynb": GOOD,
        f"han/{NOTEBOOK}": GOOD,
    }  # fmt: skip
    content = bytearray(packed_as(entries))
    at = content.index(b"lee/") + len(f"lee/{NOTEBOOK}")
    content[at : at + 4] = b"\xff\xff\xff\xff"  # what is compressed of it
    found, said = collected(tmp_path, {"class.zip": bytes(content)})
    assert found["kim"].files[0].read_bytes() == GOOD and "han" in found
    for words in (
        f"'lee/{NOTEBOOK}' cannot be read",
        "xxx.zip': 'a.ipynb' cannot be",
        "xxx.ipynb' cannot be",
    ):
        assert any(words in line for line in said), said


def test_many_files_of_other_kinds_are_counted(tmp_path: Path) -> None:
    _, said = collected(
        tmp_path, {f"anna/{number}.png": b"" for number in range(300)} | {"anna/a.ipynb": GOOD}
    )
    assert len(said) == 51 and said[-1] == "… and 250 more files that are no notebooks."


@given(st.text(max_size=80))
def test_no_name_makes_trouble(name: str) -> None:
    for found in (of_file(name, NAME), of_folder(name, NAME), of_folder(name, NAME, True)):
        assert found is None or isinstance(found.student, str)


def test_of_several_notebooks_the_assignments_own_answers_are_graded(
    released: Classroom, tmp_path: Path
) -> None:
    other = nbformat.read(
        course.ROOT / "solutions" / "ko" / "ex03_modern_cnn" / "ex03_modern_cnn.ipynb", 4
    )
    colab = released.filled()
    for cell in colab.cells:
        cell.metadata = {}
    files = {"a.ipynb": other, f"{NAME}.ipynb": released.release, "answers.ipynb": colab}
    for name, notebook in files.items():
        nbformat.write(notebook, tmp_path / name)
    found = handin.read(tmp_path, "anna", NAME, released.exercise.solutions)
    assert any("'answers.ipynb' is graded" in entry.text for entry in found.findings)


def test_what_the_lms_says_of_lateness_reaches_the_report(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.ipynb").write_bytes(GOOD)
    before = handin.look(tmp_path, "anna", NAME).facts
    (tmp_path / handin.LMS_FILE).write_text("late\n")
    assert handin.look(tmp_path, "anna", NAME).facts != before, (
        "graded before it was known to be late, and not again"
    )
    assert [entry.kind for entry in handin.read(tmp_path, "anna", NAME).findings] == ["late"]


def test_nbgraders_own_zip_collect_brings_each_to_its_student(
    released: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = released.copy(tmp_path / "course")
    archive = room.root / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    entries = {
        f"Kim Minsu_1_{MOODLE}/과제.ipynb": GOOD,
        f"Lee_2_{MOODLE}/a.ipynb": GOOD,
        f"Lee_2_{MOODLE}/b.ipynb": b"{}",
    }
    (archive / "x.zip").write_bytes(packed_as(entries))
    (archive / f"ex02_park_attempt_2026-11-28-20-31-00_{NOTEBOOK}").write_bytes(GOOD)
    (archive / f"choi_LATE_12_34_{NOTEBOOK}").write_bytes(GOOD)
    monkeypatch.setenv("COURSE_DIR", str(room.root))
    monkeypatch.delenv("COURSE_DB", raising=False)
    grade.nbgrader("zip_collect", NAME)
    found = {
        str(path.relative_to(room.root / "submitted"))
        for path in (room.root / "submitted").rglob("*.*")
    }
    assert found == {
        f"Kim Minsu/{NAME}/{NOTEBOOK}", f"Lee/{NAME}/1-a.ipynb", f"Lee/{NAME}/2-b.ipynb",
        f"park/{NAME}/{NOTEBOOK}",
        f"park/{NAME}/timestamp.txt", f"choi/{NAME}/{NOTEBOOK}", f"choi/{NAME}/lms.txt",
    }  # fmt: skip
    assert (
        room.root / "submitted" / "park" / NAME / "timestamp.txt"
    ).read_text() == "2026-11-28 20:31:00"
