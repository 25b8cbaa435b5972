import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from book.snippets.checks.hints import (
    about,
    attempt,
    expect,
    hint,
    joined,
    name_of,
    same,
    torch_functions,
)


def unwritten(x):
    raise NotImplementedError("Write your answer here.")


def test_hint_is_korean_then_english():
    assert hint("안녕", "hello") == "안녕\nhello"


def test_hints_are_put_together_in_each_language_whether_there_are_two_or_one():
    assert joined(hint("가.", "A."), hint("나.", "B.")) == "가. 나.\nA. B."
    assert joined(hint("가.", "A."), "") == "가.\nA." and joined("A.", "B.") == "A. B."
    assert about("`f`", hint("가.", "A.")) == "`f`: 가.\n`f`: A." and about("f", "A.") == "f: A."


def test_unwritten_stub_gives_one_hint_that_names_it_and_no_other_error():
    with pytest.raises(AssertionError) as caught:
        attempt(unwritten, 1, advice="never shown")
    assert (
        str(caught.value) == "`unwritten`: 아직 작성하지 않았습니다.\n`unwritten`: not written yet."
    )
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_crash_names_function_shape_error_and_advice():
    def crash(x):
        return x.view(3)

    with pytest.raises(AssertionError) as caught:
        attempt(crash, torch.zeros(2, 2), advice=hint("조언", "advice"))
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("`crash` 실행 중 오류가 났습니다 (shape (2, 2)): RuntimeError")
    assert lines[1].startswith("`crash` raised an error (shape (2, 2)): RuntimeError")
    assert lines[2:] == ["조언", "advice"]


def test_result_is_handed_through():
    assert attempt(lambda x, y=0: x + y, 1, y=2) == 3


def test_expect_names_the_mistake_whose_value_came():
    expect(torch.ones(2), torch.ones(2), "other")
    with pytest.raises(AssertionError, match="sum"):
        expect(torch.tensor(6.0), torch.tensor(2.0), "other", {"sum": torch.tensor(6.0)})
    with pytest.raises(AssertionError, match="other"):
        expect(5, 2, "other", {"sum": 6})


def test_equal_means_shape_and_nearly_value_for_tensors_and_type_for_the_rest():
    assert same(torch.ones(2) + 1e-7, torch.ones(2)) and same(torch.ones(2).double(), torch.ones(2))
    assert not same(torch.ones(2, 1), torch.ones(2)) and not same([1.0, 1.0], torch.ones(2))
    assert same(3, 3) and not same(3.0, 3) and not same(True, 1)


def test_functional_module_and_method_forms_have_one_name():
    x = torch.ones(1, 1, 2, 2)
    assert torch_functions(lambda x: F.avg_pool2d(x, 2), x) == ["avg_pool2d"]
    assert torch_functions(nn.AvgPool2d(2).forward, x) == ["avg_pool2d"]
    assert torch_functions(lambda x: x.mean() + torch.mean(x), x) == ["mean", "add"]


def test_name_of_an_object_without_a_name_is_its_type():
    assert name_of(unwritten) == "unwritten" and name_of(nn.ReLU()) == "ReLU"
