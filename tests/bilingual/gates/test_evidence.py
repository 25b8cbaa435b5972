"""The gate of the studies that train: what it refuses, and the table that it feeds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from book.bilingual.cli import main
from book.bilingual.errors import ProblemsFound
from book.bilingual.gates import evidence
from book.bilingual.gates.check import check
from book.bilingual.studies import studies
from book.bilingual.studies.evidence_table import mean_and_span, rows_table, table

from ..conftest import Edit

LEARN = '''"""A pretended training whose loss falls as fast as it is told."""


def learn(seed: int, arm: str, length: float = 1) -> dict[str, float]:
    """One row."""
    late = {"quick": 0.99, "slow": 0.8}[arm] if length == 1 else 1.0
    return {"test": late - 0.01 * seed, "train": late, "falling": 0.001, "steps": 100 * length, "n_test": 50}


def claims(rows: list) -> dict[str, bool]:
    """Whether the quick arm wins by far."""
    test = {row["arm"]: row["test"] for row in rows}
    return {"quick wins": test["quick"] > test["slow"] + 0.1, "both learn": min(test.values()) > 0.5}
'''
DECLARED = """
race:
  run: book.snippets.learn:learn
  training: flattened
  claims: book.snippets.learn:claims
  grid: {arm: [quick, slow]}
  seeds: [0, 1, 2]
  longer: {seeds: [0]}
  told: ch90_sums#result
"""
Change = Callable[[str, str], None]


@pytest.fixture
def race(course: Path) -> Path:
    """The tiny course with a study that trains; its results are not made yet."""
    (course / "book/snippets/learn.py").write_text(LEARN, encoding="utf-8")
    declared = course / "book/studies.yml"
    declared.write_text(declared.read_text(encoding="utf-8") + DECLARED, encoding="utf-8")
    return course


def ran(root: Path) -> dict:
    """The study's results, computed anew."""
    return studies.run(root, studies.load(root, ("race",))[0], jobs=2)


def test_longer_rows_follow_the_others_and_only_for_their_seeds(race: Path) -> None:
    settings = studies.load(race, ("race",))[0].settings()
    assert len(settings) == 6 + 2
    assert settings[0] == {"arm": "quick", "length": 1, "seed": 0}
    assert settings[-2:] == [{"arm": arm, "length": 4, "seed": 0} for arm in ("quick", "slow")]


def test_longer_rows_may_be_of_some_arms_alone(race: Path, edit: Edit) -> None:
    edit("book/studies.yml", "longer: {seeds: [0]}", "longer: {seeds: [0], arm: [slow]}")
    assert studies.load(race, ("race",))[0].settings()[6:] == [
        {"arm": "slow", "length": 4, "seed": 0}
    ]


def test_shorter_rows_beside_the_longer_ones_keep_all_seeds(race: Path, edit: Edit) -> None:
    edit("book/studies.yml", "arm: [quick, slow]", "arm: [quick], length: [0.2, 1, 4]")
    lengths = [setting["length"] for setting in studies.load(race, ("race",))[0].settings()]
    assert lengths == [0.2] * 3 + [1] * 3 + [4]


def test_a_finished_study_is_written_with_seconds_and_verdicts(race: Path) -> None:
    results = ran(race)
    assert all(row["seconds"] >= 0 for row in results["rows"])
    assert results["claims"]["1"] == {"quick wins": True, "both learn": True}
    assert results["claims"]["4"] == {"quick wins": False, "both learn": True}
    assert studies.stale_problems(race) == []


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (
            '"falling": 0.001',
            '"falling": 0.001 if arm == "quick" else 0.09',
            "arm {'arm': 'slow'}: its training loss",
        ),
        ('"train": late, ', "", "has no 'train'"),
        ('"falling": 0.001, ', "", "has no 'falling'"),
        ('"steps": 100 * length, ', "", "has no 'steps'"),
        (', "n_test": 50', "", "how many test images"),
    ],
)
def test_rows_that_are_no_evidence_are_refused_and_nothing_is_written(
    race: Path, edit: Edit, old: str, new: str, part: str
) -> None:
    edit("book/snippets/learn.py", old, new)
    with pytest.raises(ProblemsFound) as caught:
        ran(race)
    assert part in str(caught.value)
    assert studies.read(race, "race") is None


def test_the_refusal_of_a_falling_loss_names_study_arm_value_bound_and_mend(
    race: Path, edit: Edit
) -> None:
    edit("book/snippets/learn.py", '"falling": 0.001', '"falling": 0.03 if arm == "slow" else 0.0')
    with pytest.raises(ProblemsFound) as caught:
        ran(race)
    (problem,) = caught.value.problems
    assert "study 'race': arm {'arm': 'slow'}" in problem.what
    assert "falls by 0.030" in problem.what and "bound 0.02" in problem.what
    assert "train it longer" in problem.mend


def test_refused_rows_are_kept_and_not_computed_again(
    race: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit("book/snippets/learn.py", '"falling": 0.001', '"falling": 0.03')
    with pytest.raises(ProblemsFound):
        ran(race)
    edit("book/studies.yml", "training: flattened", "training: flattened\n  flat: 0.05")
    monkeypatch.setattr(studies, "_computed", None)
    assert len(ran(race)["rows"]) == 8
    assert not list((race / "book/results").glob("*.refused"))


def test_a_wider_bound_is_declared_beside_the_study(race: Path, edit: Edit) -> None:
    edit("book/snippets/learn.py", '"falling": 0.001', '"falling": 0.03')
    edit("book/studies.yml", "training: flattened", "training: flattened\n  flat: 0.05")
    assert ran(race)["rows"]


def test_at_a_fixed_budget_the_slope_is_reported_and_not_refused(race: Path, edit: Edit) -> None:
    edit("book/snippets/learn.py", '"falling": 0.001', '"falling": 0.5')
    edit(
        "book/studies.yml",
        "training: flattened",
        "training: {budget: equal steps are the question}",
    )
    assert ran(race)["rows"]


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("  longer: {seeds: [0]}\n", "", "none 4 times as long"),
        ("  claims: book.snippets.learn:claims\n", "", "states no `claims`"),
    ],
)
def test_a_comparison_without_a_longer_run_or_claims_is_refused(
    race: Path, edit: Edit, old: str, new: str, part: str
) -> None:
    edit("book/studies.yml", old, new)
    with pytest.raises(ProblemsFound) as caught:
        ran(race)
    assert part in str(caught.value)


def test_recorded_rows_that_were_spoiled_by_hand_are_found_by_check(race: Path, edit: Edit) -> None:
    ran(race)
    text = (race / "book/results/race.json").read_text(encoding="utf-8")
    (race / "book/results/race.json").write_text(
        text.replace('"falling": 0.001', '"falling": 0.4'), encoding="utf-8"
    )
    assert "still falls by 0.400" in str(studies.stale_problems(race)[0])


def test_a_conclusion_that_longer_training_takes_back_must_be_told(race: Path, edit: Edit) -> None:
    ran(race)
    edit("book/studies.yml", "  told: ch90_sums#result\n", "")
    (problem,) = studies.stale_problems(race)
    assert "'quick wins' does not hold at 4 times the steps" in problem.what
    assert "told" in problem.mend
    edit(
        "book/studies.yml",
        "longer: {seeds: [0]}",
        "longer: {seeds: [0]}\n  told: ch90_sums#nowhere",
    )
    assert "which no lesson has" in str(studies.stale_problems(race)[0])


def test_changed_claims_are_judged_again_without_training(race: Path, edit: Edit) -> None:
    before = ran(race)
    edit("book/snippets/learn.py", 'test["slow"] + 0.1', 'test["slow"] - 1')
    assert "its claims changed" in str(studies.stale_problems(race)[0])
    after = ran(race)
    assert after["claims"]["4"]["quick wins"] is True
    assert [row["seconds"] for row in after["rows"]] == [row["seconds"] for row in before["rows"]]
    assert studies.stale_problems(race) == []


def test_a_study_that_does_not_say_how_long_it_trains_is_refused(course: Path, edit: Edit) -> None:
    edit("book/studies.yml", "  training: {none: sums are computed}\n", "")
    found = [str(problem) for problem in check(course)]
    assert any("study 'noisy_sum' does not say how long it trains" in problem for problem in found)
    assert any(
        "ch90_sums.md:29" in problem and "draws on the study 'noisy_sum'" in problem
        for problem in found
    )


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (
            "training: flattened",
            "training: long enough",
            "not flattened, {budget: why} or {none: why}",
        ),
        ("training: flattened", "training: {budget: ''}", "not flattened, {budget: why}"),
        ("training: flattened", "training: flattened\n  flat: low", "both are numbers"),
        ("longer: {seeds: [0]}", "longer: {seeds: [7]}", "`longer` has seeds [7]"),
        ("longer: {seeds: [0]}", "longer: {arm: [third]}", "`longer` has arm ['third']"),
        ("longer: {seeds: [0]}", "longer: 4", "`longer` is 4"),
        ("claims: book.snippets.learn:claims", "claims: claims", "`claims` is 'claims'"),
    ],
)
def test_a_bad_declaration_is_reported(
    race: Path, edit: Edit, old: str, new: str, part: str
) -> None:
    edit("book/studies.yml", old, new)
    with pytest.raises(ProblemsFound) as caught:
        studies.load(race)
    assert part in str(caught.value)


def test_the_table_says_of_each_study_how_far_it_had_learned_and_what_remained(race: Path) -> None:
    ran(race)
    head, _, plain, trained = table(race, "en").split("\n")
    assert head.startswith("| Study | Arms | Seeds | Steps |")
    assert plain == "| `noisy_sum` | 2 | 2 | – | not\u00a0trained | – | – |"
    assert (
        trained
        == "| `race` | 2 | 3 (4×:\u00a01) | 100 | 80%–\u206099% | 100% | [no](ch90_sums.ipynb#result)"
        "\u00a0(1\u00a0of\u00a02) |"
    )
    assert "[아니요](ch90_sums.ipynb#결과)\u00a0(1/2)" in table(race, "ko")


def test_the_table_leaves_out_a_study_that_does_not_say_how_long_it_trains(
    course: Path, edit: Edit
) -> None:
    edit("book/studies.yml", "  training: {none: sums are computed}\n", "")
    assert "noisy_sum" not in table(course, "en")


def test_the_table_stands_on_the_page_that_asks_for_it(race: Path, edit: Edit) -> None:
    ran(race)
    edit("book/pages/about.md", "A very small course.", "A very small course.\n\n{{studies}}")
    edit("book/pages/about.md", "아주 작은 강의입니다.", "아주 작은 강의입니다.\n\n{{studies}}")
    assert CliRunner().invoke(main, ["--root", str(race), "build", "about"]).exit_code == 0
    assert table(race, "en") in (race / "notebooks/en/about.md").read_text(encoding="utf-8")
    shown = CliRunner().invoke(main, ["--root", str(race), "evidence", "--lang", "ko"]).output
    assert shown.strip() == table(race, "ko")


def test_a_page_may_show_a_study_in_full(race: Path, edit: Edit) -> None:
    ran(race)
    edit(
        "book/pages/about.md", "A very small course.", "A very small course.\n\n{{rows race train}}"
    )
    edit(
        "book/pages/about.md",
        "아주 작은 강의입니다.",
        "아주 작은 강의입니다.\n\n{{rows race train}}",
    )
    assert CliRunner().invoke(main, ["--root", str(race), "build", "about"]).exit_code == 0
    shown = (race / "notebooks/en/about.md").read_text(encoding="utf-8")
    assert "| Arm | Steps | Seeds | Training |" in shown and "| `slow` | 100 | 3 | 80.0% |" in shown
    assert "| `slow` | 400 | 1 | 100.0% |" in rows_table(race, "race", ["train"], "ko")


def test_a_mean_and_its_seeds_leave_room_for_four_columns() -> None:
    assert mean_and_span([0.8, 0.9]) == "85.0% (80.0–\u206090.0%)"
    assert mean_and_span([0.8]) == "80.0%"


@pytest.mark.parametrize(
    ("line", "part"), [("race speed", "no metric 'speed'"), ("chase train", "has no results")]
)
def test_a_study_that_cannot_be_shown_in_full_is_reported(race: Path, line: str, part: str) -> None:
    ran(race)
    name, *metrics = line.split()
    with pytest.raises(ProblemsFound, match=part):
        rows_table(race, name, metrics, "en")


def test_a_helper_of_another_study_does_not_make_one_stale(race: Path, edit: Edit) -> None:
    ran(race)
    edit(
        "book/snippets/learn.py", "def claims", "def other() -> int:\n    return 1\n\n\ndef claims"
    )
    assert studies.stale_problems(race) == []
    edit("book/snippets/learn.py", '"slow": 0.8', '"slow": 0.7')
    assert "its code changed" in str(studies.stale_problems(race)[0])


def test_an_import_that_a_study_does_not_use_does_not_make_it_stale(race: Path, edit: Edit) -> None:
    ran(race)
    edit(
        "book/snippets/learn.py",
        "def learn",
        "from math import pi\n\nfrom book.snippets.base import root_of\n\n\ndef learn",
    )
    assert studies.stale_problems(race) == []


def test_results_keep_one_row_a_line(race: Path) -> None:
    ran(race)
    text = (race / "book/results/race.json").read_text(encoding="utf-8")
    assert len([line for line in text.split("\n") if line.startswith("  {")]) == 8
    assert json.loads(text)["study"] == "race"
    assert evidence.lost(json.loads(text)["claims"]) == ["quick wins"]
