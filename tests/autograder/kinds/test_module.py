"""Module cases on a small ModernGAPCNN: two spellings of the right answer pass, each wrong network
fails.
"""

import pytest

from ..mini import exercise, reason, verdict

NET = """
class ModernGAPCNN(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1)
        self.conv2 = nn.Conv2d(64, 128, 3, 2, 1)
        self.fc = nn.Linear(128, num_classes)

    def forward(self, x):
        x = self.conv2(self.conv1(x).relu()).relu()
        return self.fc(x.mean(dim=(2, 3)))
"""
CASES = """
- id: forward
  kind: module
  construct: {call: ModernGAPCNN, args: [{integer: [2, 12]}]}
  passes:
    - {args: [{shape: [2, 3, 8, 8]}], mode: eval}
    - {args: [{shape: [1, 3, "2..7", 9]}], mode: train, gradients: true}
  hint: {ko: 힌트입니다, en: a hint}
  roundtrip: true
  layers: [Conv2d, Linear]
  mistakes: [{equals: result.softmax(1), hint: {ko: 소프트맥스입니다, en: softmax in the network}}]
"""
SEQUENTIAL = """
class ModernGAPCNN(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.head = nn.Linear(128, k)  # defined first, used last
        self.body = nn.Sequential(
            nn.Conv2d(3, 64, 3, padding=1), nn.ReLU(),
            nn.Conv2d(64, 128, 3, stride=2, padding=1), nn.ReLU(inplace=True),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        )
    def forward(self, x):
        return self.head(self.body(x))
"""


@pytest.fixture(scope="module")
def net():
    return exercise("ModernGAPCNN", NET, CASES)


def test_reference_passes(net):
    assert verdict(net).passed


def test_right_network_with_other_names_and_order_passes(net):
    assert reason(net, SEQUENTIAL) == ""


@pytest.mark.parametrize("value", ["torch.tensor(0)", "torch.ones(3, 2), persistent=False"])
def test_buffer_of_the_students_own_is_neither_compared_nor_filled(net, value):
    answer = SEQUENTIAL.replace(
        "self.head =", f"self.register_buffer('own', {value}); self.head ="
    ).replace("return self.head", "assert self.own.unique() in (0, 1); return self.head")
    assert "assert self.own" in answer and reason(net, answer) == ""


WRONG = {
    "stride forgotten": ("stride=2", "stride=1", "output: "),
    "ReLU forgotten": (", nn.ReLU(inplace=True)", "", "output: "),
    "padding forgotten": ("stride=2, padding=1", "stride=2", "output: "),
    "kernel of another size": (
        "64, 128, 3, stride=2, padding=1",
        "64, 128, 5, stride=2, padding=2",
        "Too many: `Conv2d.weight` (128, 64, 5, 5)",
    ),
    "maximum for mean": ("AdaptiveAvg", "AdaptiveMax", "output: "),
    "detached": ("self.body(x))", "self.body(x).detach())", "no gradient for x"),
    "wholly detached": (
        "self.head(self.body(x))",
        "self.head(self.body(x)).detach()",
        "not differentiable",
    ),
    "softmax inside": (
        "self.head(self.body(x))",
        "self.head(self.body(x)).softmax(1)",
        "equals result.softmax(1)",
    ),
    "no module": ("(nn.Module)", "", "not an `nn.Module`"),
    "one layer too many": (
        "self.head =",
        "self.extra = nn.Conv2d(3, 3, 1); self.head =",
        "layers: ",
    ),
    "hidden state": (
        "return self.head",
        "x = x * getattr(self, 'k', 1); self.k = 2; return self.head",
        "output: ",
    ),
}


@pytest.mark.parametrize(("old", "new", "why"), WRONG.values(), ids=WRONG)
def test_wrong_network_fails_for_its_reason(net, old, new, why):
    assert old in SEQUENTIAL
    found = reason(net, SEQUENTIAL.replace(old, new))
    assert why in found


def test_frozen_parameters_are_seen(net):
    answer = SEQUENTIAL.replace(
        "nn.Flatten(),\n        )", "nn.Flatten(),\n        ).requires_grad_(False)"
    )
    assert "flags" in reason(net, answer)


SCALED = """
class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.power = nn.Parameter(torch.ones(3))

    def forward(self, x):
        return x * self.power
"""
GRADIENTS = """
- id: a
  kind: module
  construct: {call: Scaled, args: []}
  passes: [{args: [{shape: [2, 3]}], gradients: true}]
  fill: false
"""


def test_gradient_of_a_parameter_is_told_by_the_students_own_name():
    of = exercise("Scaled", SCALED, GRADIENTS)
    assert reason(of, SCALED) == ""
    cut = verdict(of, SCALED.replace("* self.power", "* self.power.detach()")).problem
    assert cut.reason == "no gradient for power" and "`power`까지" in cut.hint.ko
    doubled = SCALED.replace("* self.power", "* (2 * self.power - self.power.detach())")
    found = verdict(of, doubled).problem
    assert found.hint.en.startswith("The gradient of `power` differs. 3 of 3 values differ.")
    assert found.hint.ko.startswith("`power`의 기울기가 다릅니다.")


def test_gradient_of_a_parameter_that_cannot_be_read_is_told_in_words():
    of = exercise("Scaled", SCALED, GRADIENTS)
    nameless = "    def named_parameters(self, *args, **settings): return iter([])\n"
    answer = SCALED.replace("* self.power", "* self.power.detach()") + nameless
    hint = verdict(of, answer).problem.hint
    assert "No gradient reaches `power` (3,)." in hint.en
    assert "`power` (3,)까지 기울기가 흐르지 않습니다." in hint.ko


def test_weights_kept_outside_the_module_fail_the_round_trip(net):
    answer = (
        SEQUENTIAL + "    def state_dict(self, *a, **k):\n"
        "        return {n: torch.zeros_like(v) for n, v in super().state_dict(*a, **k).items()}\n"
    )
    assert "output" in reason(net, answer)


BLOCK = """
class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Sequential(nn.Conv2d(channels, channels, 1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        y = self.bn1(self.conv1(x)).relu()
        y = self.bn2(self.conv2(y))
        return (y + self.shortcut(x)).relu()
"""
BLOCK_CASES = """
- id: block
  kind: module
  construct: {call: Block, args: [4]}
  passes:
    - {args: [{shape: [3, 4, 5, 6]}], mode: train, gradients: true}
    - {args: [{shape: [2, 4, 5, 6]}], mode: eval}
"""
SHUFFLED = """
class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.project, self.project_norm = nn.Conv2d(c, c, 1, bias=False), nn.BatchNorm2d(c)
        self.second, self.first = (nn.Conv2d(c, c, 3, padding=1, bias=False) for _ in range(2))
        self.norms = nn.ModuleList([nn.BatchNorm2d(c), nn.BatchNorm2d(c)])

    def forward(self, x):
        short = self.project_norm(self.project(x))
        y = F.relu(self.norms[1](self.first(x)))
        return F.relu(self.norms[0](self.second(y)) + short)
"""


@pytest.fixture(scope="module")
def block():
    return exercise("Block", BLOCK, BLOCK_CASES)


def test_layers_of_equal_shape_defined_in_another_order_pass(block):
    assert verdict(block).passed
    assert reason(block, SHUFFLED) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("+ short)", "+ x)"),
        ("F.relu(self.norms[1](self.first(x)))", "self.norms[1](F.relu(self.first(x)))"),
        (
            "F.relu(self.norms[0](self.second(y)) + short)",
            "F.relu(self.norms[0](self.second(y))) + short",
        ),
        (
            "nn.BatchNorm2d(c), nn.BatchNorm2d(c)]",
            "nn.BatchNorm2d(c, momentum=0.5), nn.BatchNorm2d(c)]",
        ),
        (
            "nn.BatchNorm2d(c), nn.BatchNorm2d(c)]",
            "nn.BatchNorm2d(c, track_running_stats=False), nn.BatchNorm2d(c)]",
        ),
        ("self.norms[0](self.second(y))", "self.norms[1](self.second(y))"),
    ],
)
def test_wrong_block_fails_in_whatever_order(block, old, new):
    assert old in SHUFFLED
    assert reason(block, SHUFFLED.replace(old, new)) != ""


def test_module_built_from_a_given_backbone_is_judged_with_it():
    net = """
    class Shared(nn.Module):
        def __init__(self, backbone, classes):
            super().__init__()
            self.backbone, self.head = backbone, nn.Linear(6, classes)

        def forward(self, x):
            return self.backbone(x).mean((2, 3)), self.head(self.backbone(x).mean((2, 3)))
    """
    cases = """
    - id: shared
      kind: module
      objects: {backbone: {fixture: convnet, channels: [3, 4, 6], head: none, norm: true}}
      construct: {call: Shared, args: [$backbone, 5]}
      passes:
        - {args: [{shape: [2, 3, 9, 7]}], mode: eval}
        - {args: [{shape: [2, 3, 9, 7]}], mode: train, gradients: true}
    """
    of = exercise("Shared", net, cases)
    assert verdict(of).passed
    swapped = "    return self.head(self.backbone(x).mean((2, 3))), self.backbone(x).mean((2, 3))"
    lines = of.solutions["Shared"].splitlines()
    answer = "\n".join(swapped if "return self.backbone" in line else line for line in lines)
    assert reason(of, answer.replace(swapped, "        " + swapped.strip()))
