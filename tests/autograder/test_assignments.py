"""What every assignment owes its students: points, graded cells, answers on file, and the names
that were agreed on.
"""

import pytest

from autograder import exercise
from autograder.answers import load_answers
from autograder.exercise import Exercise

from .mini import assignment

POINTS, SHORT_ANSWER, CELLS = 90, 10, 6
RIGHT, WRONG = 3, 12

# Names, order and grade ids are fixed: gradebooks and hand-ins rely on them.
WRITTEN = {
    "ex01_pooling": ("output_size", "max_pool2d", "avg_pool2d", "max_pool2d_grad",
        "max_pool2d_indices", "soft_pool2d", "adaptive_avg_pool2d"),
    "ex02_gap_three_ways": ("gap_avg_pool", "gap_adaptive", "gap_mean", "global_max_pool",
        "head_parameters", "masked_gap", "GeM", "score_map"),
    "ex03_modern_cnn": ("downsample", "ModernGAPCNN", "count_parameters", "train_one_epoch",
        "accuracy", "input_interval", "train_one_epoch_accumulated"),
    "ex04_residual_block": ("BasicBlock", "zero_init_residual", "TinyResNet", "merge_branches",
        "PooledBottleneck"),
    "ex05_cam": (
        "class_activation_map", "logits_from_cam", "upsample_cam", "network_cam", "grad_cam",
        "pointing_hits",
    ),
    "ex06_transfer_learning": (
        "freeze", "replace_head", "extract_features", "parameter_groups", "keep_batchnorm_frozen",
        "FrozenBackbone", "layerwise_groups", "unfreeze_last",
    ),
    "ex07_shared_features": (
        "SharedFeatureNet", "multitask_loss", "gradient_cosine", "equal_parameter_width",
    ),
}  # fmt: skip
PRESENT = exercise.names()


def faults(of: Exercise) -> list[str]:
    """What an assignment lacks, each fault in one line."""
    found = []
    if of.points != POINTS:
        found.append(f"the test cells are worth {of.points:g} points, not {POINTS}")
    # both languages' cells carry the same grade id
    if dict(of.manual) != {"short_answer": SHORT_ANSWER}:
        found.append(
            f"the manually graded cells are {dict(of.manual)}, not short_answer with {SHORT_ANSWER}"
        )
    if len(of.tests) < CELLS:
        found.append(f"{len(of.tests)} graded test cells, fewer than {CELLS}")
    if sorted(of.solutions) != sorted(WRITTEN.get(of.name, ())):
        found.append(
            f"students write {sorted(of.solutions)}, but {sorted(WRITTEN.get(of.name, ()))} was"
            " agreed on"
        )
    untested = set(of.solutions) - {test.function for test in of.tests.values()}
    return found + [f"no test cell is about {name}" for name in sorted(untested)]


@pytest.mark.parametrize("name", PRESENT)
def test_assignment_has_its_points_its_cells_and_the_names_agreed_on(name: str) -> None:
    assert faults(exercise.load(name)) == []


@pytest.mark.parametrize("name", PRESENT)
def test_each_test_cell_has_hidden_cases_and_whole_points(name: str) -> None:
    for test in exercise.load(name).tests.values():
        assert test.cases and test.points == int(test.points) > 0


@pytest.mark.parametrize("name", PRESENT)
def test_library_of_answers_is_large_enough(name: str) -> None:
    found = load_answers(name)
    assert sum(not answer.loses for answer in found) >= RIGHT
    assert sum(bool(answer.loses) for answer in found) >= WRONG
    assert any(answer.rest == "stub" and answer.points == 0 for answer in found)


@pytest.mark.skipif(set(PRESENT) != set(WRITTEN), reason="not every assignment is written yet")
def test_all_seven_assignments_have_45_graded_cells_together() -> None:
    assert sum(len(exercise.load(name).tests) for name in PRESENT) >= 45


@pytest.mark.parametrize(
    ("solution", "cells", "points", "manual", "said"),
    [
        ("freeze", 9, 10, 10, "was agreed on"),
        ("freeze", 5, 18, 10, "fewer than 6"),
        ("freeze", 6, 14, 10, "84 points"),
        ("freeze", 6, 15, 5, "manually graded"),
    ],
)
def test_assignment_that_falls_short_is_reported(
    solution: str, cells: int, points: int, manual: int, said: str
) -> None:
    case = f"- {{id: a, call: {solution}, inputs: [{{x: 1}}], hint: {{ko: 힌트, en: hint}}}}"
    tests = {f"test_{solution}__{number}": (points, case) for number in range(cells)}
    of = assignment({solution: f"def {solution}(x):\n    return x"}, tests, manual)
    assert any(said in fault for fault in faults(of))
