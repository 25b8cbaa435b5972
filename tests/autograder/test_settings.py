"""Each environment variable is declared once, and says what it may hold."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from autograder import settings
from autograder.engine import __main__ as engine
from autograder.engine.options import Options
from autograder.errors import SettingError

PACKAGE = Path(settings.__file__).parent
NAME = re.compile(r"""environ(?:\.get\(|\[)["']((?:COURSE|AUTOGRADER)_\w+)""")


@pytest.mark.parametrize(
    ("variable", "text", "said"),
    [
        (settings.COURSE_LANG, "kr", "COURSE_LANG is 'kr': set it to ko or en, or leave it unset"),
        (
            settings.KEEP_WARM,
            "-1",
            "AUTOGRADER_KEEP_WARM is '-1': set it to minutes from 0 to 1440",
        ),
        (settings.STOCK, "yes", "AUTOGRADER_STOCK is 'yes': set it to 1 or 0, or leave it unset"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_what_to_write_and_stops_a_command_at_its_start(
    variable: settings.Variable[object], text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable.name, text)
    for read in (variable, settings.check_all):
        with pytest.raises(SettingError, match=re.escape(said)):
            read()


def test_a_variable_has_its_type_and_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in settings.ALL:
        monkeypatch.delenv(variable.name, raising=False)
        assert variable() == variable.default and not variable.is_set() and variable.meaning
    monkeypatch.setenv("AUTOGRADER_ACCEPT_MISSING", "net,mount")
    monkeypatch.setenv("COURSE_SECRET", "")
    assert settings.ACCEPT_MISSING() == ("net", "mount") and settings.SECRET() == b""


def test_no_other_module_reads_one_from_the_environment() -> None:
    found = {
        (path.name, name)
        for path in PACKAGE.rglob("*.py")
        if "answers" not in path.relative_to(PACKAGE).parts
        for name in NAME.findall(path.read_text(encoding="utf-8"))
    }
    # which sets it
    assert {entry for entry in found if entry != ("grade.py", "COURSE_DIR")} == set()


def test_what_a_variable_says_of_how_to_grade_reaches_both_ways_to_the_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in settings.ALL:
        monkeypatch.delenv(variable.name, raising=False)
    assert settings.options() == {} and settings.engine_options() == []
    monkeypatch.setenv("AUTOGRADER_ACCEPT_MISSING", "net,mount")
    monkeypatch.setenv("AUTOGRADER_KEEP_WARM", "60")
    assert settings.options() == {"accept_missing": ("net", "mount"), "keep_warm": 60.0}
    assert settings.engine_options() == [
        "--accept-missing", "net,mount", "--keep-warm", "60",
    ]  # fmt: skip
    known = {option.name for option in engine.main.params}
    assert {each.option for each in settings.ALL if each.option} <= known & {
        field.name for field in fields(Options)
    }
