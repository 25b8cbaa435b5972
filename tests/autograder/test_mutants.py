import pytest
from mini import exercise as mini

from autograder import exercise, mutants


def test_each_mutant_changes_one_thing():
    source = "def f(x):\n    ### BEGIN SOLUTION\n    y = x.mean(dim=1) * 2\n    return y\n    ### END SOLUTION"
    assert [mutant.what for mutant in mutants.mutants("f", source)] == [
        "y = x.mean(dim=1) * 2 → pass",
        "return y → pass",
        "y = x.mean(dim=1) * 2 → y = x.mean(dim=1) + 2",
        "y = x.mean(dim=1) * 2 → y = x.mean() * 2",
        "y = x.mean(dim=1) * 2 → y = x.mean(dim=1) * 3",
        "y = x.mean(dim=1) * 2 → y = x.mean(dim=1) * 1",
        "y = x.mean(dim=1) * 2 → y = x.sum(dim=1) * 2",
        "y = x.mean(dim=1) * 2 → y = x.mean(dim=2) * 2",
        "y = x.mean(dim=1) * 2 → y = x.mean(dim=0) * 2",
    ]


def test_mutant_that_keeps_all_points_is_found_where_a_case_is_missing():
    square = "- id: a\n  kind: function\n  call: f\n  inputs: [{x: {shape: [3, 3], values: constant}}]"
    of = mini("f", "def f(x):\n    return x.sum(dim=1)", square)
    assert "return x.sum(dim=1) → return x.sum(dim=0)" in [mutant.what for mutant in mutants.survivors(of)]


def test_mutant_that_never_ends_counts_as_caught_even_if_it_catches_every_exception(monkeypatch):
    monkeypatch.setattr(mutants, "SECONDS", 0.3)
    of = mini(
        "f",
        "def f(n):\n    while n > 3:\n        try:\n            n -= 1\n        except Exception: pass\n    return n",
        "- id: a\n  kind: function\n  call: f\n  inputs: [{n: 10}]",
    )
    assert [mutant.what for mutant in mutants.survivors(of)] == []


@pytest.mark.parametrize("path", sorted(exercise.EXERCISES.glob("ex*.md")), ids=lambda path: path.stem)
def test_every_third_mutant_of_a_reference_loses_points(path):
    assert [mutant.what for mutant in mutants.survivors(exercise.load(path.stem), every=3)] == []


@pytest.mark.parametrize("path", sorted(exercise.EXERCISES.glob("ex*.md")), ids=lambda path: path.stem)
def test_mutants_listed_as_equivalent_exist(path):
    of = exercise.load(path.stem)
    for cell, known in mutants.equivalents(path.stem).items():
        assert set(known) <= {mutant.what for mutant in mutants.mutants(cell, of.solutions[cell])}
