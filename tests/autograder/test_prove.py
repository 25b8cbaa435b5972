"""One command, one table: points wanted and given, hints found, mutants killed; it fails where they
disagree.
"""

import io

import pytest
from click.testing import CliRunner
from rich.console import Console

from autograder import mutants, prove
from autograder.prove import Graded, Task, Tried

EX = "ex02_gap_three_ways"


def shown(results, complete=True) -> tuple[str, int]:
    console = Console(record=True, width=200, file=io.StringIO())
    disagreements = prove.show([EX], results, complete, console)
    return console.export_text(), disagreements


def test_tasks_are_all_answers_and_every_nth_mutant():
    todo = list(prove.tasks(EX, 4))
    assert {"reference", "wrong_axis"} < {task.answer for task in todo}
    numbers = [number for task in todo for number in task.numbers]
    assert numbers[:3] == [0, 4, 8] and len(set(numbers)) == len(numbers)
    assert not any(task.numbers for task in prove.tasks(EX, 0))


def test_answer_is_graded_with_its_hints():
    graded = prove.do(Task(EX, answer="wrong_axis"))
    assert 0 < graded.wanted == graded.given < 90
    assert (graded.hints, graded.hints_wanted) == (3, 3)
    assert graded.complaints == ()


def test_table_shows_answers_mutants_and_reasons():
    same = ("gap_mean", "return x.mean(dim=(2, 3)) → return x.mean(dim=(3, 2))")
    text, disagreements = shown(
        [Graded(EX, "one", 80, 80, 2, 2, ()), Tried(EX, 5, (same,))], complete=False
    )
    assert disagreements == 0
    assert (
        "2/2" in text
        and "4 killed, 1 equivalent, 0 survive" in text
        and "the order in which axes are named" in text
    )


@pytest.mark.parametrize(
    "result",
    [
        Graded(EX, "one", 80, 80, 1, 2, ("a hint is missing",)),
        Graded(EX, "one", 80, 75, 2, 2, ()),
        Tried(EX, 5, (("gap_mean", "a mutant that nobody knows"),)),
    ],
)
def test_each_disagreement_counts(result):
    text, disagreements = shown([result], complete=False)
    assert disagreements == 1 and "NO" in text


def test_mutant_listed_as_equivalent_that_loses_points_is_reported_once_all_were_tried():
    listed = sum(len(each) for each in mutants.equivalents(EX).values())
    assert shown([Tried(EX, 5, ())], complete=True)[1] == listed > 0
    assert shown([Tried(EX, 5, ())], complete=False)[1] == 0


def test_help_says_what_is_shown_and_an_unknown_assignment_is_named():
    assert "mutant survives" in CliRunner().invoke(prove.main, ["--help"]).output
    assert "ex99" in CliRunner().invoke(prove.main, ["ex99"]).output
