"""Every error stands in one tree, which its module shows."""

import ast
from pathlib import Path

import pytest

from autograder import errors

PACKAGE = Path(errors.__file__).parent
ELSEWHERE = {
    ("engine/page.py", "TooLong"),  # no Exception
    ("engine/unpack.py", "_Over"),  # an ArchiveRefused that the module raises and catches itself
    ("mutants.py", "_OutOfTime"),  # no Exception
    ("probe/operators.py", "Refused"),  # in the student's process, where this package is not
    ("probe/wire.py", "WireError"),  # the same
}


def classes(source: str) -> set[str]:
    """Classes of a module that are exceptions by the name of a base."""
    bases = ("Error", "Exception", "Refused", "Unreadable")
    return {
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).endswith(bases) for base in node.bases)
    }


def test_no_other_module_defines_an_error() -> None:
    found = {
        (path.relative_to(PACKAGE).as_posix(), name)
        for path in PACKAGE.rglob("*.py")
        if "answers" not in path.relative_to(PACKAGE).parts and path.name != "errors.py"
        for name in classes(path.read_text(encoding="utf-8"))
    }
    assert found == ELSEWHERE


def test_an_error_elsewhere_would_be_seen() -> None:
    assert classes("class Lost(GradingError):\n    pass") == {"Lost"}


@pytest.mark.parametrize("name", sorted(classes(Path(errors.__file__).read_text(encoding="utf-8"))))
def test_each_error_is_in_the_picture_and_below_the_first(name: str) -> None:
    assert issubclass(getattr(errors, name), errors.AutograderError)
    assert errors.__doc__ is not None and name in errors.__doc__
