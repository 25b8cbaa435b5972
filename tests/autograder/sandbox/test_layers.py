"""A layer of the sandbox is one file: its promise, its trial, how it is set up."""

from pathlib import Path

import pytest

from autograder import sandbox
from autograder.sandbox import LAYERS, NEEDED, confine, rootview
from autograder.sandbox.layer import Kernel, Layer

PACKAGE = Path(sandbox.__file__).parent


def test_each_layer_has_a_file_of_its_own_name_and_a_promise() -> None:
    files = {path.stem for path in (PACKAGE / "layers").glob("*.py")} - {"__init__"}
    assert (
        {type(layer).__module__.rpartition(".")[2] for layer in LAYERS.values()}
        == files
        == set(LAYERS)
    )
    assert all(layer.promise for layer in LAYERS.values()) and set(LAYERS) - NEEDED == {"landlock"}


class Spy(Layer):
    """Notes what is called."""

    promise = "nothing"

    def __init__(self, name: str, said: list[str]) -> None:
        self.name, self._said = name, said

    def enter(self, kernel: Kernel) -> None:
        self._said.append(f"enter {self.name} {kernel.slot}")

    def limit(self, kernel: Kernel) -> None:
        self._said.append(f"limit {self.name}")

    def seal(self, kernel: Kernel) -> None:
        self._said.append(f"seal {self.name}")


def test_a_new_layer_is_set_up_without_another_line_and_only_where_it_is_active(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        confine, "LAYERS", {name: Spy(name, said) for name in ("one", "two", "three")}
    )
    monkeypatch.setattr(confine.syscalls, "prctl", lambda *_: said.append("no new privileges"))
    confine.confine_kernel(["three", "one"], {}, 7, privileged=True)
    assert said == [
        "enter one 7", "enter three 7", "limit one", "limit three", "no new privileges", "seal one",
        "seal three",
    ]  # fmt: skip


def test_every_copy_of_the_course_in_an_environment_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "lib/site-packages/tool/site-packages"
    for folder in (inner / "book", tmp_path / "share/site-packages", tmp_path / "site-packages-2"):
        folder.mkdir(parents=True)
    (tmp_path / "loop").symlink_to(tmp_path)
    found = sorted(rootview._site_packages(str(tmp_path)))
    assert found == sorted(map(str, tmp_path.glob("**/site-packages"))) and len(found) == 3
