"""Hostile archives amid honest ones: refused by name, bounded, nothing outside the target, the rest
collected.
"""

import io
import json
import os
import resource
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import grade
from autograder.engine import unpack
from autograder.errors import GradingError

from .classroom import NAME, Classroom

NOTEBOOK = f"{NAME}.ipynb"
OUTSIDE = Path("/tmp/course-outside-of-the-archive.ipynb")
GOOD = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def packed(**entries: bytes) -> bytes:
    return packed_as(
        {
            name.replace("__", "/").replace("_ipynb", ".ipynb"): data
            for name, data in entries.items()
        }
    )


def packed_as(entries: dict[str, bytes], links: tuple[str, ...] = ()) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if name in links:
                entry.external_attr = 0o120777 << 16
            archive.writestr(entry, data)
    return file.getvalue()


def tarred(entries: dict[str, bytes], link: str = "") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        if link:
            entry = tarfile.TarInfo(NOTEBOOK)
            entry.type, entry.linkname = tarfile.SYMTYPE, link
            archive.addfile(entry)
        for name, data in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()


# A zip whose only entry, r/r.zip, is the zip itself, byte by byte: Russ Cox, "Zip Files All The Way
# Down" (2010), https://research.swtch.com/zip.
ITSELF = bytes.fromhex(
    "504b03041400000008000803643cf9f4896448010000b801000007000000722f722e7a6970002500daff504b0304140000000800"
    "0803643cf9f4896448010000b801000007000000722f722e7a6970002f00d0ff002500daff504b03041400000008000803643cf9"
    "f4896448010000b801000007000000722f722e7a6970002f00d0ffc2548e5739000500faffc2548e5739000500faff000500faff"
    "001400ebffc2548e5739000500faff000500faff001400ebff428821c400001400ebff428821c400001400ebff428821c4000014"
    "00ebff428821c400001400ebff428821c400000000ffff000000ffff003400cbff428821c400000000ffff000000ffff003400cb"
    "ff42e8215e0f000000ffff0af066641261c015dce8a048bf48af2ab320c09b950dc46704425306060640000600f9ff6d01000000"
    "0042e8215e0f000000ffff0af066641261c015dce8a048bf48af2ab320c09b950dc46704425306060640000600f9ff6d01000000"
    "00504b010214001400000008000803643cf9f4896448010000b8010000070000000000000000000000000000000000722f722e7a"
    "6970504b05060000000001000100350000006d0100000000"
)


def _nested_bomb() -> bytes:
    """Sixteen zips in each zip, with a gigabyte of zeros at the end of each path."""
    bottom = packed_as({NOTEBOOK: bytes(64 << 20)})
    middle = packed_as({f"{number}.zip": bottom for number in range(16)})
    return packed_as({f"{number}.zip": middle for number in range(16)})


def _endless_directory() -> bytes:
    """Says that its list of entries has 4 GiB."""
    content = bytearray(packed_as({NOTEBOOK: GOOD}))
    content[-10:-6] = b"\xfe\xff\xff\xff"
    return bytes(content)


def _encrypted() -> bytes:
    content = bytearray(packed_as({NOTEBOOK: GOOD}))
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 1
    content[6] |= 1
    return bytes(content)


def _zip_slip_by_backslash() -> bytes:
    content = packed_as({"..zz..zz..zzevil.ipynb": GOOD})
    return content.replace(b"..zz..zz..zzevil", b"..\\/..\\/..\\/evil")


# file name: (content, what must be said, whether the student's own notebook in it is collected all
# the same)
HOSTILE: dict[str, tuple[Callable[[], bytes], str, bool]] = {
    "traversal.zip": (
        lambda: packed_as({NOTEBOOK: GOOD, f"../../../../../../../..{OUTSIDE}": b"x"}),
        "leads out of the archive", True,
    ),
    "sibling.zip": (
        lambda: packed_as({NOTEBOOK: GOOD, f"../honest1/{NOTEBOOK}": b"x"}),
        "leads out of the archive", True
    ),
    "backslash.zip": (_zip_slip_by_backslash, "leads out of the archive", False),
    "absolute.zip": (lambda: packed_as({str(OUTSIDE): b"x", NOTEBOOK: GOOD}), "is an absolute path",
        True),
    "drive.zip": (lambda: packed_as({"C:/evil.ipynb": b"x", NOTEBOOK: GOOD}), "is an absolute path",
        True),
    "control.zip": (lambda: packed_as({f"a\nb/{NOTEBOOK}": b"x", NOTEBOOK: GOOD}),
        "holds a control character", True),
    "bomb.zip": (lambda: packed_as({NOTEBOOK: bytes(900 << 20)}), "has more than 20,971,520 bytes",
        False),
    "many.zip": (
        lambda: packed_as({f"{number}.txt": b"" for number in range(21_000)} | {NOTEBOOK: GOOD}),
        "holds more entries than are unpacked", False,
    ),
    "manybig.zip": (
        lambda: packed_as({f"x/{number}.ipynb": bytes(19 << 20) for number in range(30)}),
        "holds more bytes than are unpacked", False,
    ),
    "directory.zip": (_endless_directory, "lists more entries than are unpacked", False),
    "nested.zip": (_nested_bomb, "holds more bytes than are unpacked", False),
    "itself.zip": (lambda: ITSELF, "is an archive inside 3 others", False),
    "sevenzip.7z": (lambda: b"7z\xbc\xaf'\x1c", "is an archive of a kind that is not read", False),
    "inner7z.ZIP": (
        lambda: packed_as({NOTEBOOK: GOOD, "x/work.RAR": b"Rar!"}),
        "is an archive of a kind that is not read", True
    ),
    "link.zip": (lambda: packed_as({NOTEBOOK: b"/etc/passwd"}, links=(NOTEBOOK,)), "is a link",
        False),
    "encrypted.zip": (_encrypted, "is encrypted", False),
    "broken.zip": (lambda: packed_as({NOTEBOOK: GOOD})[:-30], "is no zip file, or is cut off",
        False),
    "text.zip": (lambda: b"this is no zip", "is no zip file, or is cut off", False),
    "empty.zip": (lambda: b"", "is no zip file, or is cut off", False),
    "tarlink.tar.gz": (lambda: tarred({}, link="/etc/passwd"), "is a link or no file", False),
    "tarslip.tar.gz": (lambda: tarred({f"../../x/{NOTEBOOK}": b"x"}), "leads out of the archive",
        False),
    "tarbomb.tar.gz": (
        lambda: tarred({"zeros.bin": bytes(600 << 20), NOTEBOOK: GOOD}),
        "holds more bytes than are unpacked", False
    ),
    "plain.gz": (lambda: b"\x1f\x8b\x08\x00broken", "cannot be read", False),
    f".._{NOTEBOOK}": (lambda: GOOD, "student's id '..'", False),
    f"a'b;\"_{NOTEBOOK}": (lambda: GOOD,
        "holds a character that paths or web pages give a meaning to", False),
    f"line\nbreak_{NOTEBOOK}": (lambda: GOOD, "holds a control character", False),
    "nobody.ipynb": (lambda: GOOD, "its name tells no student", False),
}  # fmt: skip
NFD = unicodedata.normalize("NFD", "이영희")
HONEST: dict[str, Callable[[], bytes]] = {
    f"honest1_{NOTEBOOK}": lambda: GOOD,
    "honest2.zip": lambda: packed_as({NOTEBOOK: GOOD}),
    "honest3.tar.gz": lambda: tarred({NOTEBOOK: GOOD}),
    f"honest6_{NAME}.IPYNB": lambda: GOOD,
    "honest7.ZIP": lambda: packed_as({f"{NAME}.Ipynb": GOOD}),
    "honest8.tgz": lambda: tarred({NOTEBOOK: GOOD}),
    f"김철수_{NOTEBOOK}": lambda: GOOD,
    f"{NFD}_{NOTEBOOK}": lambda: GOOD,
    f"a+b(c)*_{NOTEBOOK}": lambda: GOOD,
    "class.zip": lambda: packed_as({
        f"honest4/{NAME}/{NOTEBOOK}": GOOD, "honest5.zip": packed_as({NOTEBOOK: GOOD}),
        f"{NFD}둘/{NOTEBOOK}": GOOD, "__MACOSX/honest4/._x.ipynb": b"mac",
        "bomber.zip": _nested_bomb(),
        f"honest1/{NOTEBOOK}": b"somebody else's",
    }),
}  # fmt: skip
STUDENTS = {
    *(f"honest{number}" for number in range(1, 9)),
    "김철수",
    "이영희",
    "이영희둘",
    "a+b(c)*",
}


def _collect(released: Classroom, folder: Path, files: dict[str, bytes]) -> tuple[list[str], Path]:
    """Through `make grade`'s collecting."""
    room = released.copy(folder / "course")
    (folder / "in").mkdir()
    for name, content in files.items():
        (folder / "in" / name).write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DIR", str(room.root))
        for name in ("COURSE_DB", "COURSE_LANG"):
            patch.delenv(name, raising=False)
        return grade.collect(NAME, folder / "in"), room.root


def _problems(name: str, said: list[str], root: Path) -> list[str]:
    _, words, kept = HOSTILE[name]
    found = []
    if not any(words in line and _subject(name) in line for line in said):
        found.append(f"nothing says {words!r}: {said}")
    submitted = root / "submitted" / unpack.stem(name) / NAME / NOTEBOOK
    if submitted.exists() != kept or (kept and submitted.read_bytes() != GOOD):
        found.append(f"{submitted} {'should' if kept else 'should not'} be there")
    if OUTSIDE.exists():
        found.append("a file outside was written")
    return found


def _subject(name: str) -> str:
    return unpack.shown(name)[1:12]


@pytest.fixture(scope="module")
def together(
    released: Classroom, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[str], Path]]:
    files = {name: make() for name, (make, *_) in HOSTILE.items()} | {
        name: make() for name, make in HONEST.items()
    }
    yield _collect(released, tmp_path_factory.mktemp("zips"), files)
    OUTSIDE.unlink(missing_ok=True)


@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_archive_amid_honest_ones_is_refused_by_name(
    name: str, together: tuple[list[str], Path]
) -> None:
    assert _problems(name, *together) == []


def test_every_honest_hand_in_is_collected_whole(together: tuple[list[str], Path]) -> None:
    said, root = together
    for student in STUDENTS:
        assert (root / "submitted" / student / NAME / NOTEBOOK).read_bytes() == GOOD, said
    kept = {Path(name).stem for name, (_, _, kept) in HOSTILE.items() if kept}
    assert {path.name for path in (root / "submitted").iterdir()} == STUDENTS | kept


def test_hand_in_in_anothers_name_does_not_take_its_place_and_is_named(
    together: tuple[list[str], Path],
) -> None:
    said, _ = together
    (line,) = (line for line in said if line.startswith("'honest1': 2 hand-ins in this name"))
    assert f"'honest1_{NOTEBOOK}' is taken. Check who sent which." in line
    assert any(
        line.startswith("The archive 'class' holds hand-ins in the names of") for line in said
    )


def test_only_notebooks_are_written_and_nothing_unpacked_stays(
    together: tuple[list[str], Path],
) -> None:
    _, root = together
    files = [path for path in (root / "submitted").rglob("*") if not path.is_dir()]
    assert {path.suffix for path in files} == {".ipynb"} and not any(
        path.is_symlink() for path in files
    )
    assert sum(path.stat().st_size for path in files) < 1 << 20
    assert [path.name for path in (root / "downloaded" / NAME).iterdir()] == ["refused.json"]


@pytest.mark.prove
@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_archive_alone(name: str, released: Classroom, tmp_path: Path) -> None:
    make, _, kept = HOSTILE[name]
    if kept:
        said, root = _collect(released, tmp_path, {name: make()})
    else:
        with pytest.raises(GradingError, match="no hand-in of") as caught:
            _collect(released, tmp_path, {name: make()})
        said, root = [str(caught.value)], tmp_path / "course"
    assert _problems(name, said, root) == []


def test_the_archive_that_holds_itself_does() -> None:
    with zipfile.ZipFile(io.BytesIO(ITSELF)) as archive:
        assert archive.read("r/r.zip") == ITSELF


def test_unpacking_a_bomb_takes_little_memory(tmp_path: Path) -> None:
    (tmp_path / "bomb.zip").write_bytes(HOSTILE["nested.zip"][0]())
    pid = os.fork()
    if pid == 0:
        now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + (400 << 20), now + (400 << 20)))
        os._exit(not unpack.unpack(tmp_path / "bomb.zip", tmp_path / "out"))
    assert os.waitpid(pid, 0)[1] == 0
    assert sum(path.stat().st_size for path in (tmp_path / "out").rglob("*")) < 1 << 20


def test_name_inside_an_archive_does_not_count_beside_its_own(
    released: Classroom, tmp_path: Path
) -> None:
    files = {f"{name}.zip": packed_as({f"bora/{NOTEBOOK}": GOOD}) for name in ("anna", "chul")}
    _, root = _collect(released, tmp_path, files | {f"honest_{NOTEBOOK}": GOOD})
    assert {path.name for path in (root / "submitted").iterdir()} == {"anna", "chul", "honest"}


def test_two_hand_ins_in_one_name_that_nobody_can_tell_apart_are_both_left_out(
    released: Classroom, tmp_path: Path
) -> None:
    files = {f"class {name}.zip": packed_as({f"bora/{NOTEBOOK}": GOOD}) for name in ("1", "2")}
    said, root = _collect(released, tmp_path, files | {f"honest_{NOTEBOOK}": GOOD})
    assert any(
        "'bora': 2 hand-ins" in line and "none is taken, nobody can tell whose" in line
        for line in said
    )
    assert [path.name for path in (root / "submitted").iterdir()] == ["honest"]


def test_korean_names_from_windows_are_read(tmp_path: Path) -> None:
    content = packed_as({"XXXX.ipynb": GOOD}).replace(b"XXXX", "과제".encode("cp949"))
    (tmp_path / "a.zip").write_bytes(content)
    assert unpack.unpack(tmp_path / "a.zip", tmp_path / "out") == []
    assert (tmp_path / "out" / "과제.ipynb").read_bytes() == GOOD


def test_folder_without_a_notebook_is_named(released: Classroom, tmp_path: Path) -> None:
    (tmp_path / "in" / "anna").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DIR", str(tmp_path / "course"))
        with pytest.raises(GradingError, match="'anna': no notebook in the folder"):
            grade.collect(NAME, tmp_path / "in")


BASES = [
    packed_as({NOTEBOOK: GOOD, "a/b.zip": packed_as({NOTEBOOK: GOOD})}),
    tarred({f"a/{NOTEBOOK}": GOOD}),
]


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(BASES),
    st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=4)), max_size=6),
)
def test_no_change_of_an_archive_breaks_the_unpacking(
    tmp_path_factory: pytest.TempPathFactory, base: bytes, changes: list[tuple[int, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    content = bytearray(base)
    for place, data in changes:
        content[place % len(content) : place % len(content) + len(data)] = data
    path = folder / ("x.zip" if base.startswith(b"PK") else "x.tar.gz")
    path.write_bytes(content)
    said = unpack.unpack(path, folder / "out")
    assert all(isinstance(line, str) and "\n" not in line for line in said)
    assert {found.name for found in folder.iterdir()} <= {path.name, "out"}


def test_what_was_refused_is_kept_for_the_instructor(together: tuple[list[str], Path]) -> None:
    said, root = together
    assert (
        json.loads((root / "downloaded" / NAME / "refused.json").read_text(encoding="utf-8"))
        == said
    )
