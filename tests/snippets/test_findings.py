"""What chapters 3 and 4 conclude, on rows made up to bear it out or to contradict it."""

from book.snippets import findings


def race(better_accuracy: list[float]) -> list[dict]:
    slow = {
        "recipe": "baseline",
        "seed": 0,
        "epochs": [1, 4],
        "used": [3.0, 10.0],
        "accuracy": [0.2, 0.3],
    }
    fast = {
        "recipe": "better",
        "seed": 0,
        "epochs": [0.5, 2],
        "used": [0.3, 1.2],
        "accuracy": better_accuracy,
    }
    return [slow, fast]


def test_race_is_won_only_by_a_factor_of_ten():
    assert all(findings.recipe_claims(race([0.25, 0.5])).values())
    assert not any(findings.recipe_claims(race([0.1, 0.3])).values())


def test_missing_arm_bears_nothing_out():
    rows = [{"depth": 8, "shortcuts": s, "loss": [1.0], "seed": 0} for s in (False, True)]
    assert not any(findings.depth_claims(rows).values())


def test_degradation_is_a_matter_of_the_last_training_loss():
    ends = {(8, False): 1.0, (32, False): 1.9, (8, True): 0.9, (32, True): 0.9}
    rows = [
        {"depth": d, "shortcuts": s, "loss": [2.3, end], "seed": 0} for (d, s), end in ends.items()
    ]
    assert all(findings.depth_claims(rows).values())
    rows[1]["loss"][-1] = 0.5
    assert not findings.depth_claims(rows)["32 plain layers end at a higher training loss than 8"]
