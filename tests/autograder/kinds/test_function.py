"""Function cases, end to end: right answers written differently pass, each wrong one fails for its
reason.
"""

import pytest
import torch

from autograder import judge
from autograder.errors import CaseError, StudentFault
from autograder.probe import entry

from ..mini import exercise, reason, verdict

DOUBLE = "def f(x):\n    return 2 * x"


@pytest.fixture(scope="module")
def double():
    cases = """
    - id: values
      kind: function
      call: f
      inputs:
        - x: {shape: [2, 3, "2..5", 4]}
        - x: {shape: [2, 3, 4, 4], layout: channels_last, dtype: float64}
        - x: {shape: [0, 3]}
        - x: {shape: [3, 2], layout: expanded}
      grad: [x]
      mistakes:
        - {equals: "x ** 2", hint: {ko: 제곱입니다, en: squared}}
        - {equals: "result / 2", hint: {ko: 그대로입니다, en: untouched}}
      hint: {ko: 두 배가 아닙니다, en: not doubled}
    """
    return exercise("f", DOUBLE, cases)


def test_reference_passes(double):
    assert verdict(double).passed and verdict(double).points == 90


@pytest.mark.parametrize(
    "body",
    ["x + x", "torch.add(x, x)", "x.clone().mul_(2)", "(x.reshape(-1) * 2).reshape(x.shape)"],
)
def test_right_answer_in_other_words_passes(double, body):
    assert reason(double, f"def f(x):\n    return {body}") == ""


WRONG = {
    "3 * x": "values differ",
    "(2 * x).float()": "dtype is float32",
    "2 * x.transpose(0, 1)": "shape is",
    "(2 * x).detach()": "not differentiable",
    "(2 * x).tolist()": "type is list instead of torch.Tensor",
    "[2 * x]": "type is list",
    "x.mul_(2)": "input x changed",
    "x.nope": "AttributeError: 'Tensor' object has no attribute 'nope'",
    "(2 * x).to_sparse()": "type is torch.Tensor instead of torch.Tensor",
    "2 * x + 1j": "dtype is complex",
    "(2 * x).to('meta')": "type is",
    "1 / 0": "ZeroDivisionError",
    "x ** 2": "equals x ** 2",
    "x * 1": "equals result / 2",
    "__import__('sys').exit()": "SystemExit",
    "x + x.detach()": "gradient of x",
}


@pytest.mark.parametrize(("body", "why"), WRONG.items())
def test_wrong_answer_fails_for_its_reason(double, body, why):
    assert why[:20] in reason(double, f"def f(x):\n    return {body}")


def test_hint_is_bilingual_diagnosis_then_the_case(double):
    hint = verdict(double, "def f(x):\n    return 3 * x").problem.hint
    assert hint.ko.startswith("`f`의 결과가 다릅니다.") and hint.ko.endswith("두 배가 아닙니다")
    assert hint.en.startswith("`f` gives another result.") and hint.en.endswith("not doubled")


def test_hint_of_a_known_mistake_stands_alone(double):
    assert verdict(double, "def f(x):\n    return x ** 2").problem.hint.en == "squared"


def test_stub_and_missing_function_say_so_and_no_more(double):
    stub = verdict(double, "def f(x):\n    raise NotImplementedError('here')").problem.hint
    assert stub.en == "`f`: not written yet." and stub.ko == "`f`: 아직 작성하지 않았습니다."
    assert verdict(double, "g = 1").problem.hint.en.startswith("`f` is not defined.")


def test_missing_gpu_is_told_and_not_taken_for_an_unwritten_answer(double):
    answer = "def f(x): raise NotImplementedError(\"… arguments from the 'MPS' backend.\")"
    assert "There is no GPU" in verdict(double, answer).problem.hint.en


def test_right_answer_passes_whatever_global_state_its_cells_leave(double):
    answer = """
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    torch.manual_seed(0)
    def f(x):
        print(x)
        import warnings
        warnings.warn("careful")
        return 2 * x
    """
    before = torch.get_default_dtype()
    try:
        assert reason(double, answer) == ""
    finally:
        torch.set_default_dtype(before)
        torch.set_grad_enabled(True)


def test_subclass_with_lying_operators_gains_nothing(double):
    answer = """
    class Any(torch.Tensor):
        def __eq__(self, other): return True
        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None): return True
    def f(x):
        return x.as_subclass(Any)
    """
    assert "type is" in reason(double, answer)


def test_answer_that_remembers_the_first_call_fails(double):
    assert reason(double, "seen = []\ndef f(x):\n    seen.append(2 * x)\n    return seen[0]") != ""


def test_inputs_differ_between_submissions_and_repeat_for_one(double):
    seen = []

    def ask(request):
        seen.append(request["steps"][0]["value"]["data"]["data"])
        return entry.answer(request, double.reference())

    (test,) = double.tests.values()
    for submission in ("one", "one", "two"):
        judge.judge_test(double, test, ask, submission=submission)
    runs = [seen[i : i + 4] for i in range(0, 12, 4)]
    assert runs[0] == runs[1] != runs[2]


@pytest.mark.parametrize(
    "reply",
    [
        None,
        [],
        {},
        {"results": 3},
        {"results": []},
        {"results": [None] * 99},
        {"results": [{}] * 3},
    ],
)
def test_malformed_reply_fails_and_never_raises(double, reply):
    (test,) = double.tests.values()
    assert not judge.judge_test(double, test, lambda request: reply).passed


def test_fault_of_the_students_process_is_named(double):
    def ask(request):
        raise StudentFault("timeout", "10 s")

    (test,) = double.tests.values()
    found = judge.judge_test(double, test, ask)
    assert found.problem.fault == "timeout" and "did not finish in time" in found.problem.hint.en


def test_reference_that_cannot_do_its_case_is_the_authors_error():
    broken = exercise(
        "f",
        "def f(x):\n    return x.nope",
        "- id: a\n  kind: function\n  call: f\n  inputs: [{x: {shape: [2]}}]",
    )
    with pytest.raises(CaseError, match=r"case 'a': the reference solution raised AttributeError"):
        verdict(broken)


def test_expected_exception_must_come():
    cases = (
        "- id: a\n  kind: function\n  call: f\n  raises: ValueError\n  inputs: [{n: {integer: [-9,"
        " -1]}}]"
    )
    of = exercise("f", "def f(n):\n    if n < 0: raise ValueError(n)\n    return n", cases)
    # a subclass
    assert reason(of, "def f(n):\n    if n < 0: raise UnicodeError(n)\n    return n") == ""
    assert reason(of, "def f(n):\n    assert n >= 0") == "AssertionError: "
    assert reason(of, "def f(n):\n    return n") == "no ValueError raised"


def test_numbers_are_compared_with_their_exact_type_unless_told_otherwise():
    cases = "- id: a\n  kind: function\n  call: f\n  inputs: [{n: {integer: [2, 9]}}]"
    of = exercise("f", "def f(n):\n    return n * 2", cases)
    assert reason(of, "def f(n):\n    return float(n * 2)") == "The type is float instead of int."
    loose = exercise("f", "def f(n):\n    return n * 2", cases + "\n  exact_type: false")
    assert reason(loose, "def f(n):\n    return float(n * 2)") == ""


def test_item_of_a_tuple_is_judged_alone():
    cases = "- id: a\n  kind: function\n  call: f\n  item: 1\n  inputs: [{n: {integer: [2, 9]}}]"
    of = exercise("f", "def f(n):\n    return n, n * n", cases)
    assert reason(of, "def f(n):\n    return 0, n ** 2") == ""
    assert reason(of, "def f(n):\n    return n, n") != ""
    assert "list instead of tuple" in reason(of, "def f(n):\n    return [n, n * n]")


ROUTE = """
- id: a
  kind: function
  call: f
  inputs: [{x: {shape: [2, 3, 4, 4], offset: 3.0}}]
  route: {through: [mean], avoid: [avg_pool2d], named: [mean], unnamed: [einsum]}
"""


@pytest.fixture(scope="module")
def by_mean():
    return exercise("f", "def f(x):\n    return x.mean((2, 3))", ROUTE)


@pytest.mark.parametrize(
    "body",
    [
        "torch.mean(x, dim=(2, 3))",
        "x.mean(3).mean(2)",
        "x.flatten(2).mean(-1)",
        "torch.Tensor.mean(x, [2, 3])",
    ],
)
def test_every_spelling_of_the_wanted_function_is_accepted(by_mean, body):
    assert reason(by_mean, f"def f(x):\n    return {body}") == ""


DECOYS = {
    "x.sum((2, 3)) / 16": "mean is not called",
    "x.sum((2, 3)) / 16 + 0 * x.mean((2, 3))": "its result is not the answer",
    "(x.mean((2, 3)), x.sum((2, 3)) / 16)[1]": "its result is not the answer",
    "x.mean((2, 3)) * (x.sum((2, 3)) / x.mean((2, 3)) / 16)": "its result is not the answer",
    "x.mean((2, 3)) + F.avg_pool2d(x, 4).sum() * 0": "calls torch's avg_pool2d",
    "x.mean((2, 3)) + 0 * F.adaptive_avg_pool2d(x, 1).flatten(1)": (
        "calls torch's adaptive_avg_pool2d"
    ),
    "x.mean((2, 3)) + 0 * torch.einsum('nchw->nc', x)": "mentions einsum",
    "getattr(x, 'me' + 'an')((2, 3))": "mentions none of mean",
}


@pytest.mark.parametrize(("body", "why"), DECOYS.items())
def test_answer_by_another_route_fails(by_mean, body, why):
    assert why in reason(by_mean, f"def f(x):\n    return {body}")


def test_name_that_only_stands_in_the_source_is_said_to_be_mentioned(by_mean):
    said = verdict(
        by_mean, "def f(x):\n    if not x.shape: F.avg_pool2d(x, 4)\n    return x.mean((2, 3))"
    )
    hint = said.problem.hint
    assert "mentions torch's `avg_pool2d`" in hint.en and "코드에 torch의 `avg_pool2d`" in hint.ko
    called = verdict(by_mean, "def f(x):\n    return F.avg_pool2d(x, 4).flatten(1)").problem.hint
    assert "calls torch's `avg_pool2d`" in called.en and "호출했습니다" in called.ko
    dead = "def f(x):\n    return x.mean((2, 3))\n    return F.avg_pool2d(x, 4).flatten(1)"
    assert reason(by_mean, dead) == ""


CHECKS = {
    "assert torch.allclose(y, z, atol=1e-6)": True,
    "assert torch.equal(y, y + 0 * z) and ((y - z).abs() < 1e-5).all()": True,
    "torch.testing.assert_close(y, z)": True,
    "if not torch.allclose(y, z): raise ValueError('my two ways differ')": True,
    "assert y.max() <= x.max()": True,
    "y = y if torch.allclose(y, z) else z": True,
    "y, z = z, y\n    assert torch.allclose(y, z)": False,
    "assert torch.allclose(y, z)\n    y = z": False,
    "assert torch.allclose(y, z)\n    y = (y + z) / 2": False,
    "assert torch.allclose(y, z)\n    y = z * (y / z).mean()": False,
}


@pytest.mark.parametrize(("check", "right"), CHECKS.items())
def test_answer_that_checks_itself_by_another_way_is_judged_by_its_own(by_mean, check, right):
    answer = "def f(x):\n    y, z = x.mean((2, 3)), x.sum((2, 3)) / 16\n"
    found = verdict(by_mean, f"{answer}    {check}\n    return y")
    assert found.passed is right
    if not right:
        assert found.problem.route and "its result is not the answer" in found.problem.reason


def test_answer_that_checks_equality_keeps_its_route():
    cases = ROUTE.replace("[mean], avoid: [avg_pool2d], named: [mean]", "[adaptive_avg_pool2d]")
    of = exercise("f", "def f(x):\n    return F.adaptive_avg_pool2d(x, 1).flatten(1)", cases)
    answer = "def f(x):\n    y = F.adaptive_avg_pool2d(x, 1).flatten(1)\n"
    assert reason(of, f"{answer}    assert torch.equal(y, x.mean((2, 3)))\n    return y") == ""


def test_route_without_a_source_rests_on_the_run(by_mean):
    (test,) = by_mean.tests.values()
    namespace = by_mean.namespace({"f": "def f(x):\n    return x.sum((2, 3)) / 16"})
    found = judge.judge_test(
        by_mean, test, lambda request: entry.answer(request, namespace), cells=None
    )
    assert found.problem.reason == "mean is not called (other reductions: sum)"
