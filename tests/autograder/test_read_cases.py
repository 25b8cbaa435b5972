import pytest
import yaml

from autograder.cases import Construct, Hint, Ref, Span, Tensor
from autograder.errors import CaseError
from autograder.kinds import read_cases
from autograder.kinds.function import FunctionCase
from autograder.kinds.module import ModuleCase
from autograder.kinds.mutation import TrainingCase

HINT = {"ko": "힌트", "en": "hint"}


def case(**more):
    return {
        "id": "one",
        "call": "f",
        "inputs": [{"x": {"shape": [2, "3..5"]}}],
        "hint": HINT,
    } | more


def read(*items):
    return read_cases(list(items), "ex99.md, cases of test_f")


def test_function_case_is_read_with_its_defaults():
    (found,) = read(case())
    assert isinstance(found, FunctionCase) and found.kind == "function"
    assert found.inputs == ((("x", Tensor((2, Span(3, 5)))),),)
    assert (
        found.hint == Hint("힌트", "hint")
        and found.unchanged
        and found.exact_type
        and found.tolerance is None
    )


def test_module_case_is_read_with_a_fixture_among_its_arguments():
    text = """
    id: two
    kind: module
    objects: {backbone: {fixture: convnet, channels: [3, 4], head: none}}
    construct: {call: Net, args: [$backbone, {integer: [2, 9]}]}
    passes: [{args: [{shape: [2, 3, 8, 8]}], mode: keep}]
    hint: {ko: 힌트, en: hint}
    """
    (found,) = read(yaml.safe_load(text))
    assert isinstance(found, ModuleCase)
    assert found.construct == Construct("Net", (Ref("backbone"), Span(2, 9)))
    assert found.passes[0].mode is None


def test_training_case_is_read():
    text = """
    id: three
    kind: training
    objects:
      model: {fixture: mlp, features: [12, 3]}
      loader: {loader: list, samples: 10, batch: 4, shape: [3, 2, 2], classes: 3}
      optimizer: {optimizer: SGD, of: model, lr: 0.1}
    call: train
    args: [$model, $loader, $optimizer]
    observe: [result, {parameters: model}, {modes: model, kinds: [Dropout]}]
    hint: {ko: 힌트, en: hint}
    """
    (found,) = read(yaml.safe_load(text))
    assert isinstance(found, TrainingCase) and [look.what for look in found.observe] == [
        "result",
        "parameters",
        "modes",
    ]


FAULTS = {
    "no list": ({"id": "one"}, "expected a list of cases"),
    "no id": ([case() | {"id": None}], "is no name"),
    "unknown key": ([case(inpust=[])], "unknown key inpust; known here are id, hint"),
    "missing key": ([{"id": "one", "hint": HINT, "inputs": []}], "`call` is missing; add it"),
    "unknown kind": (
        [case(kind="functoin")],
        "'functoin' is unknown; known are function, module, mutation, training",
    ),
    "Korean hint in English": ([case(hint={"ko": "hint", "en": "hint"})], "has no Hangul"),
    "half a hint": ([case(hint={"ko": "힌트"})], "`en` is missing"),
    "size as text": (
        [case(inputs=[{"x": {"shape": ["three"]}}])],
        "expected a whole number, got 'three'",
    ),
    "size below 0": ([case(inputs=[{"x": {"shape": [-1]}}])], "a size of -1 is negative"),
    "sizes in the wrong order": ([case(inputs=[{"x": {"shape": ["5..3"]}}])], "5 is above 3"),
    "a corner too few": (
        [case(inputs=[{"x": {"shape": [2, 4, 5], "corners": [[1, 2]]}}])],
        "1 corners for a tensor of shape",
    ),
    "unknown dtype": (
        [case(inputs=[{"x": {"shape": [1], "dtype": "float"}}])],
        "'float' is unknown; known are float32",
    ),
    "channels_last in 2-D": (
        [case(inputs=[{"x": {"shape": [1, 2], "layout": "channels_last"}}])],
        "needs four sizes",
    ),
    "number as text": ([case(inputs=[{"x": {"shape": [1], "high": "1e6"}}])], "write 1.0e+6"),
    "gradient of no argument": ([case(grad=["y"])], "'y' is not a tensor in each of the inputs"),
    "reference to nothing": (
        [case(inputs=[{"x": "$model"}])],
        "`$model` is not built before it is used",
    ),
    "mistake that does not parse": (
        [case(mistakes=[{"equals": "x +", "hint": HINT}])],
        "is no Python expression",
    ),
    "empty route": ([case(route={})], "asks for nothing"),
    "mapping that is no value": (
        [case(inputs=[{"x": {"shap": [1]}}])],
        "a mapping holds one of the keys",
    ),
    "two cases of one name": ([case(), case()], "two cases are called 'one'"),
}


@pytest.mark.parametrize(("data", "message"), FAULTS.values(), ids=FAULTS)
def test_fault_is_named_with_its_place_and_mend(data, message):
    with pytest.raises(CaseError) as caught:
        read_cases(data, "ex99.md, cases of test_f")
    assert str(caught.value).startswith("ex99.md, cases of test_f")
    assert message in str(caught.value)


def test_observation_of_an_unknown_object_is_refused():
    text = """
    id: four
    kind: mutation
    objects: {model: {fixture: mlp, features: [4, 2]}}
    call: freeze
    args: [$model]
    observe: [{flags: modle}]
    hint: {ko: 힌트, en: hint}
    """
    with pytest.raises(CaseError, match="no object is called 'modle'; built are model"):
        read(yaml.safe_load(text))
