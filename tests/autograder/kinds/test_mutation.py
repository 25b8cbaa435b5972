"""Mutation and training cases: what a function does to models, buffers and modes, seen by behaviour
first.
"""

import pytest

from ..mini import exercise, reason, verdict

FREEZE = """
def keep_batchnorm_frozen(model):
    model.train()
    for m in model.modules():
        if isinstance(m, nn.BatchNorm2d):
            m.eval()
    return model
"""


@pytest.fixture(scope="module")
def frozen():
    cases = """
    - id: statistics_stay
      kind: mutation
      objects:
        model: {fixture: convnet, channels: [3, 4], classes: 5, norm: true, mode: eval, head: sequential, dropout: 0.5}
      call: keep_batchnorm_frozen
      args: [$model]
      observe:
        - same_object
        - {modes: model, kinds: [BatchNorm2d, Dropout]}
        - {moved: model, args: [{shape: [4, 3, 8, 8]}]}
    """
    return exercise("keep_batchnorm_frozen", FREEZE, cases)


def test_right_function_passes_in_other_words(frozen):
    assert verdict(frozen).passed
    other = """
    def keep_batchnorm_frozen(model):
        for module in [model.train(), *model.children()]:
            module.apply(lambda m: m.eval() if isinstance(m, nn.modules.batchnorm._BatchNorm) else m)
        return model
    """
    assert reason(frozen, other) == ""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("return model.train()", "modes: BatchNorm2d#0"),
        ("return model.eval()", "modes: model"),
        ("import copy; return copy.deepcopy(model.train())", "same object"),
        ("[p.requires_grad_(False) for p in model.parameters()]; return model.train()", "modes"),
        ("pass", "same object"),
    ],
)
def test_wrong_function_fails_for_its_reason(frozen, body, why):
    assert why in reason(frozen, f"def keep_batchnorm_frozen(model):\n    {body}")


def test_drifting_statistics_are_seen_by_behaviour_where_flags_are_forged(frozen):
    forged = """
    def keep_batchnorm_frozen(model):
        model.train()
        for m in model.modules():
            if isinstance(m, nn.BatchNorm2d):
                m.eval()
                m.forward = lambda x, m=m: F.batch_norm(x, m.running_mean, m.running_var, m.weight, m.bias, True)
        return model
    """
    assert "moved: `BatchNorm2d.running_mean`" in reason(frozen, forged)


REPLACE = (
    "def replace_head(model, n):\n    model.head = nn.Linear(model.head.in_features, n)\n    return"
    " model"
)


def test_modes_are_told_in_words(frozen):
    body = "def keep_batchnorm_frozen(model):\n    return model."
    awake = verdict(frozen, f"{body}train()").problem.hint
    assert awake.en.startswith("`keep_batchnorm_frozen`: `BatchNorm2d` no. 1 is in training mode.")
    assert awake.ko.startswith(
        "`keep_batchnorm_frozen`: 1번째 `BatchNorm2d`이(가) 학습 모드입니다."
    )
    asleep = verdict(frozen, f"{body}eval()").problem.hint
    assert asleep.en.startswith("`keep_batchnorm_frozen`: the model itself is in evaluation mode.")
    assert asleep.ko.startswith("`keep_batchnorm_frozen`: 모델 자체가 평가 모드입니다.")


def test_new_head_gets_fresh_weights_on_both_sides():
    cases = """
    - id: head
      kind: mutation
      objects: {model: {fixture: convnet, channels: [3, 4], classes: 5, frozen: [features]}}
      call: replace_head
      args: [$model, 7]
      refill: true
      observe: [same_object, shapes, flags, {output: result, args: [{shape: [2, 3, 4, 4]}], mode: eval}]
    """
    of = exercise("replace_head", REPLACE, cases)
    assert verdict(of).passed
    assert "Too many: `Linear.bias` (8,), `Linear.weight` (8, 4)" in reason(
        of, REPLACE.replace("n)\n", "n + 1)\n")
    )
    assert "flags" in reason(
        of, REPLACE.replace("return", "model.head.requires_grad_(False)\n    return")
    )
    assert "output" in reason(
        of, REPLACE.replace("return", "model.features[1] = nn.Tanh()\n    return")
    )


def test_optimiser_groups_hold_each_parameter_once():
    groups = """
    def groups(model, a, b):
        backbone = {"params": list(model.features.parameters()), "lr": a}
        return [backbone, {"params": list(model.head.parameters()), "lr": b}]
    """
    cases = """
    - id: groups
      kind: mutation
      objects: {model: {fixture: convnet, channels: [3, 4], classes: 5}}
      call: groups
      args: [$model, 0.001, 0.1]
      observe: [groups]
    """
    of = exercise("groups", groups, cases)
    assert verdict(of).passed
    single = """
    def groups(m, a, b):
        return [{"params": [p], "lr": b if n.startswith("head") else a} for n, p in m.named_parameters()]
    """
    assert reason(of, single) == ""
    assert "groups: `Linear.weight`" in reason(of, groups.replace('"lr": b', '"lr": a'))
    assert "groups" in reason(
        of, groups.replace("model.features.parameters()", "model.parameters()")
    )
    assert "Missing" in reason(
        of, groups.replace("model.head.parameters()", "[]").replace("list([])", "[]")
    )


TRAIN = """
def train_one_epoch(model, loader, optimizer):
    model.train()
    total = count = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        count += len(y)
    return total / count
"""


@pytest.fixture(scope="module", params=["list", "dataloader"])
def epoch(request):
    cases = f"""
    - id: epoch
      kind: training
      objects:
        model: {{fixture: convnet, channels: [3, 4], classes: 5, norm: true, mode: eval}}
        loader: {{loader: {request.param}, samples: 10, batch: 4, shape: [3, 6, 6], classes: 5}}
        optimizer: {{optimizer: SGD, of: model, lr: 0.1, momentum: 0.9}}
      call: train_one_epoch
      args: [$model, $loader, $optimizer]
      repeat: 2
      observe: [result, {{parameters: model}}, {{buffers: model}}, {{calls: model}}, {{modes: model, kinds: []}}]
    """
    return exercise("train_one_epoch", TRAIN, cases)


def test_right_training_passes_in_other_words(epoch):
    assert verdict(epoch).passed
    other = """
    def train_one_epoch(net, data, opt):
        net.train(True)
        losses = []
        for images, labels in data:
            logits = net(images)
            each = nn.CrossEntropyLoss(reduction="none")(logits, labels)
            opt.zero_grad(set_to_none=False)
            each.mean().backward()
            opt.step()
            losses += each.tolist()
        return sum(losses) / len(losses)
    """
    assert reason(epoch, other) == ""


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("    model.train()\n", "", "modes"),
        ("    model.train()\n", "    model.eval()\n", ""),
        ("        optimizer.zero_grad()\n", "", ""),
        ("        optimizer.step()\n", "", ""),
        ("loss.item() * len(y)", "loss.item()", "is not the right value"),
        ("total / count", "torch.tensor(total / count)", "type is torch.Tensor instead of float"),
        ("model(x), y", "model(x).softmax(1), y", "is not the right value"),
    ],
)
def test_wrong_training_fails(epoch, old, new, why):
    assert old in TRAIN
    found = reason(epoch, TRAIN.replace(old, new))
    assert found and (why in found or why == "modes")


def test_loader_and_model_are_whole_again_for_the_next_case(epoch):
    assert verdict(epoch).passed and verdict(epoch).passed


ACCURACY = """
def accuracy(model, loader):
    before = model.training
    model.eval()
    with torch.no_grad():
        right = sum((model(x).argmax(1) == y).sum().item() for x, y in loader)
    model.train(before)
    return right / sum(len(y) for _, y in loader)
"""


def test_calls_of_a_fixture_tell_mode_and_gradients():
    cases = """
    - id: quiet
      kind: training
      objects:
        model: {fixture: convnet, channels: [3, 4], classes: 3, norm: true}
        loader: {loader: list, samples: 9, batch: 4, shape: [3, 6, 6], classes: 3}
      call: accuracy
      args: [$model, $loader]
      observe: [result, {buffers: model}, {calls: model}, {modes: model}]
    """
    of = exercise("accuracy", ACCURACY, cases)
    assert verdict(of).passed
    assert reason(of, ACCURACY.replace("    model.eval()\n", "")) != ""
    assert "calls" in reason(of, ACCURACY.replace("with torch.no_grad():", "if True:"))
    assert "modes" in reason(of, ACCURACY.replace("    model.train(before)\n", ""))


def test_stream_can_be_read_only_once():
    cases = """
    - id: once
      kind: training
      objects:
        model: {fixture: convnet, channels: [3, 4], classes: 3}
        loader: {loader: stream, samples: 9, batch: 4, shape: [3, 6, 6], classes: 3}
      call: labels_only_once
      args: [$model, $loader]
      observe: [result]
    """
    once = "def labels_only_once(model, loader):\n    return torch.cat([y for _, y in loader])"
    of = exercise("labels_only_once", once, cases)
    assert verdict(of).passed
    assert reason(of, once.replace("    return", "    list(loader)\n    return")) != ""


def test_layers_of_the_students_own_class_may_be_defined_in_another_order():
    pair = """
    class Pair(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.two = nn.BatchNorm2d(3), nn.BatchNorm2d(3)
        def forward(self, x):
            return self.two(self.one(x))
    def zero_last(model):
        nn.init.zeros_(model.two.weight)
    """
    cases = """
    - id: zero
      kind: mutation
      objects: {model: {construct: Pair}}
      call: zero_last
      args: [$model]
      observe: [{parameters: model, args: [{shape: [2, 3, 4, 4]}]}]
    """
    of = exercise("zero_last", pair, cases)
    other = pair.replace("self.one, self.two =", "self.two, self.one =")
    assert reason(of, other) == ""
    assert "parameters" in reason(of, pair.replace("model.two", "model.one"))


RESPONDS = """
- id: a
  kind: training
  objects:
    model: {fixture: mlp, features: [12, 6, 3]}
    loader: {loader: list, samples: 20, batch: 7, shape: [3, 2, 2], classes: 3}
  call: f
  args: [$model, $loader]
  observe: [{responds: loader}]
"""


@pytest.mark.parametrize(
    ("body", "lives"),
    [
        ("return sum((model(x).argmax(1) == y).sum().item() for x, y in loader)", True),
        ("return [len(y) for x, y in loader] and 0.5", False),
        ("return None", False),
    ],
)
def test_function_that_does_not_look_at_its_loader_does_nothing(body, lives):
    of = exercise(
        "f",
        "def f(model, loader):\n    return sum(float(y.sum()) + float(x[0, 0, 0, 0]) for x, y in"
        " loader)",
        RESPONDS,
    )
    assert reason(of, f"def f(model, loader):\n    {body}") == ("" if lives else "does nothing")


PEEK = """
def peek(model, name, x):
    modes = [(m, m.training) for m in model.modules()]
    seen = []
    hook = model.get_submodule(name).register_forward_hook(lambda m, a, out: seen.append(out))
    model.eval()(x)
    hook.remove()
    for m, training in modes:
        m.training = training
    return seen[-1].detach()
"""
PEEKED = """
- id: peek
  kind: mutation
  objects:
    model: {fixture: chain, layers: [[Linear, 4, 4], [Tanh], [Linear, 4, 4], [Tanh], [Dropout]], reused: [[3, 1]], asleep: ["1"]}
  call: peek
  args: [$model, "1", {shape: [2, 4]}]
  observe: [result, {hooks: model}, {modes: model}]
"""


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("", "", ""),
        ("    hook.remove()\n", "", "hooks: Missing: -. Too many: Tanh"),
        ("seen[-1]", "seen[0]", "values differ"),
        ("m.training = training", "m.training = True", "modes: Tanh#0"),
    ],
)
def test_hooks_left_and_modes_of_single_modules_and_the_last_run_are_seen(old, new, why):
    of = exercise("peek", PEEK, PEEKED)
    assert (
        why in reason(of, PEEK.replace(old, new))
        and bool(why) != verdict(of, PEEK.replace(old, new)).passed
    )


CLEARED_ONCE = """
def one_step(model, x, optimizer):
    optimizer.zero_grad()
    model(x).sum().backward()
    optimizer.step()
"""
STALE = """
- id: stale
  kind: mutation
  objects:
    model: {fixture: mlp, features: [4, 3, 2], frozen: ["1"], stale: true}
    optimizer: {optimizer: SGD, of: model, lr: 0.1}
  call: one_step
  args: [$model, {shape: [2, 4]}, $optimizer]
  observe: [{parameters: model}, {gradients: model}]
"""


def test_gradients_left_by_an_earlier_training_are_seen():
    of = exercise("one_step", CLEARED_ONCE, STALE)
    assert verdict(of).passed
    piled_up = CLEARED_ONCE.replace("    optimizer.zero_grad()\n", "")
    assert "parameters" in reason(of, piled_up) and not verdict(of, piled_up).passed


def test_a_module_whose_train_gives_nothing_back_is_seen():
    source = """
class Held(nn.Module):
    def train(self, mode=True):
        super().train(mode)
        return self
"""
    case = (
        "- id: a\n  kind: mutation\n  call: Held\n  observe: [{returns_itself: result}]\n  args: []"
    )
    of = exercise("Held", source, case)
    assert verdict(of).passed
    assert "returns_itself" in reason(of, source.replace("        return self\n", ""))


def test_one_item_of_a_result_is_judged_alone():
    right = """
    def pair(model):
        return model.training, 1
    """
    cases = """
    - id: first
      kind: mutation
      objects:
        model: {fixture: convnet, channels: [3, 4], classes: 5}
      call: pair
      args: [$model]
      observe: [{result: result, item: 0}]
      hint: {ko: 첫 값입니다, en: this is the first value}
      mistakes:
        - equals: not result
          hint: {ko: 반대입니다, en: that is the opposite}
    """
    of = exercise("pair", right, cases)
    assert verdict(of).passed
    assert reason(of, "def pair(model):\n    return model.training, 2.0") == ""
    assert "equals not result" in reason(of, "def pair(model):\n    return not model.training, 1")
    assert reason(of, "def pair(model):\n    return None") != ""
