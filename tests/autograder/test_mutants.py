import pytest

from autograder import exercise, mutants

from .mini import exercise as mini


def test_each_mutant_changes_one_thing():
    source = (
        "def f(x):\n    ### BEGIN SOLUTION\n    y = x.mean(dim=1) * 2\n    return y\n    ### END"
        " SOLUTION"
    )
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
    square = (
        "- id: a\n  kind: function\n  call: f\n  inputs: [{x: {shape: [3, 3], values: constant}}]"
    )
    of = mini("f", "def f(x):\n    return x.sum(dim=1)", square)
    assert "return x.sum(dim=1) → return x.sum(dim=0)" in [
        mutant.what for mutant in mutants.survivors(of)
    ]


def test_mutant_that_never_ends_counts_as_caught_even_if_it_catches_every_exception(monkeypatch):
    monkeypatch.setattr(mutants, "SECONDS", 0.3)
    of = mini(
        "f",
        "def f(n):\n    while n > 3:\n        try:\n            n -= 1\n        except Exception:"
        " pass\n    return n",
        "- id: a\n  kind: function\n  call: f\n  inputs: [{n: 10}]",
    )
    assert [mutant.what for mutant in mutants.survivors(of)] == []


@pytest.mark.parametrize("name", exercise.names())
def test_every_third_mutant_of_a_reference_loses_points(name):
    assert [mutant.what for mutant in mutants.survivors(exercise.load(name), every=3)] == []


@pytest.mark.parametrize("name", exercise.names())
def test_mutants_listed_as_equivalent_exist(name):
    of = exercise.load(name)
    for cell, known in mutants.equivalents(name).items():
        assert set(known) <= {mutant.what for mutant in mutants.mutants(cell, of.solutions[cell])}


def test_mutants_leave_modules_out_put_some_in_change_defaults_and_act_in_training_alone():
    source = (
        "class Net(nn.Module):\n    def __init__(self):\n"
        "        self.body = nn.Sequential(nn.Conv2d(3, 4, 1), nn.ReLU())\n"
        "    def forward(self, x):\n        return self.body(x) + x"
    )
    sources = [mutant.source for mutant in mutants.mutants("Net", source)]
    for part in (
        "nn.Sequential(nn.ReLU())",
        "nn.Sequential(nn.Conv2d(3, 4, 1), nn.Dropout(0.5), nn.ReLU())",
        "nn.Conv2d(3, 4, 1, bias=False)",
        "F.dropout(self.body(x), 0.5, self.training) + x",
        "(self.body(x) if self.training else self.body(x) + x) * 1",
    ):
        assert any(part in source for source in sources), part
