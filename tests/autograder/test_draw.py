import numpy as np
import torch

from autograder.cases import Span, Tensor
from autograder.draw import Draw, case_seed, plain_array, to_numpy
from autograder.probe.tensors import array_of, tensor_of


def test_seed_depends_on_secret_submission_and_case_and_on_nothing_else():
    seeds = {
        case_seed(secret, submission, "ex01", case)
        for secret in (b"a", b"b")
        for submission in ("x", "y")
        for case in ("one", "two")
    }
    assert len(seeds) == 8 and all(0 <= seed < 2**63 for seed in seeds)
    assert case_seed(b"a", "x", "ex01", "one") == case_seed(b"a", "x", "ex01", "one")


def test_same_seed_draws_the_same_and_another_draws_another():
    spec = Tensor((Span(2, 50), Span(2, 50)))
    assert Draw(1).array(spec) == Draw(1).array(spec)
    assert Draw(1).array(spec) != Draw(2).array(spec)


def test_spans_reach_both_ends():
    draw = Draw(0)
    assert {draw.whole(Span(2, 4)) for _ in range(100)} == {2, 3, 4}


def numbers(spec):
    return to_numpy(Draw(3).array(spec))


def test_values_are_of_the_kind_asked_for():
    assert set(numbers(Tensor((1000,), values="ties"))) == {0, 1, 2}
    assert sorted(numbers(Tensor((2, 3), values="permutation")).ravel()) == list(range(6))
    assert set(numbers(Tensor((1000,), "int64", values="integers", low=2, high=5))) == {2, 3, 4}
    uniform = numbers(Tensor((1000,), values="uniform", low=-9, high=-1))
    assert -9 <= uniform.min() < uniform.max() < -1
    assert len(set(numbers(Tensor((7,), values="constant")))) == 1
    assert numbers(Tensor((1000,), offset=50.0)).mean() > 40


def test_expanded_tensor_repeats_its_first_entry():
    found = numbers(Tensor((3, 4), layout="expanded"))
    assert (found == found[0]).all()


def test_corners_keep_their_values_and_all_beyond_them_is_filled():
    shape, corners = (3, 2, 4, 5), ((4, 5), (2, 3), (0, 5))
    mask = numbers(Tensor((3, 4, 5), "bool", values="constant", corners=corners))
    assert mask.sum(axis=(1, 2)).tolist() == [20, 6, 0] and mask[1, :2, :3].all()
    filled = numbers(Tensor(shape, corners=corners, beyond=float("nan")))
    inside = np.broadcast_to(mask[:, None], shape)
    assert np.isfinite(filled[inside]).all() and np.isnan(filled[~inside]).all()


def test_every_dtype_survives_the_way_to_torch_and_back():
    for dtype in ("float16", "bfloat16", "float32", "float64", "int32", "int64", "uint8", "bool"):
        array = plain_array(np.arange(6.0).reshape(2, 3), dtype)
        assert array_of(tensor_of(array)) == array
        assert to_numpy(array).tolist() == tensor_of(array).tolist()


def test_empty_tensor_survives():
    array = plain_array(np.zeros((0, 3)), "float32")
    assert tensor_of(array).shape == torch.Size([0, 3]) and array_of(tensor_of(array)) == array
