"""Tests stand where their modules stand: who opens `autograder/kernels/keeper.py` finds
`tests/autograder/kernels/test_keeper.py`.
"""

from collections.abc import Iterable
from pathlib import Path, PurePath

import pytest

ROOT = Path(__file__).resolve().parents[1]


def misplaced(tests: Iterable[PurePath], modules: Iterable[PurePath]) -> list[str]:
    """Tests whose folder holds no modules, or that are named after a module of another folder. A
    test of several modules has a name of its own. Paths count from the two trees' tops.
    """
    homes: dict[str, set[PurePath]] = {}
    for module in modules:
        homes.setdefault(module.stem, set()).add(module.parent)
    folders = set[PurePath]().union(*homes.values())
    faults = []
    for test in tests:
        right = homes.get(test.stem.removeprefix("test_"), folders)
        if test.parent not in right:
            places = ", ".join(sorted(map(str, right)))
            faults.append(f"{test} stands in {test.parent}; its modules are in: {places}")
    return faults


def below(folder: Path, pattern: str) -> list[PurePath]:
    return [path.relative_to(folder) for path in sorted(folder.rglob(pattern))]


def modules_of(package: str) -> list[PurePath]:
    return [m for m in below(ROOT / package, "*.py") if m.parts[0] != "answers"]


@pytest.mark.parametrize("package", ["autograder", "book/bilingual"])
def test_every_test_stands_beside_its_modules_mirror(package: str) -> None:
    tests = below(ROOT / "tests" / PurePath(package).name, "test_*.py")
    assert tests and misplaced(tests, modules_of(package)) == []


def test_tests_of_the_whole_engine_are_named_after_no_module() -> None:
    tests = {path.stem.removeprefix("test_") for path in below(ROOT / "tests/engine", "test_*.py")}
    assert tests and tests & {module.stem for module in modules_of("autograder")} == set()


@pytest.mark.parametrize(
    ("test", "fault"),
    [
        ("probe/test_wire.py", ""),
        ("probe/test_hostile_bytes.py", ""),
        ("kernels/test_messages.py", ""),
        ("test_wire.py", "test_wire.py stands in .; its modules are in: probe"),
        ("wire/test_bytes.py", "stands in wire; its modules are in: ., kernels, probe"),
    ],
)
def test_a_misplaced_test_is_found(test: str, fault: str) -> None:
    modules = ["grade.py", "probe/wire.py", "probe/messages.py", "kernels/messages.py"]
    found = misplaced([PurePath(test)], map(PurePath, modules))
    assert (fault in " ".join(found)) if fault else not found
