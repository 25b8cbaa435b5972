"""What keeps one mistake from costing the points of another: neutral parameters, stand-ins, shapes
alone, idle ones.
"""

import pytest

from ..mini import exercise, reason, verdict

CONV = "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.c = nn.Conv2d(2, 3, 3, padding=1, bias=False)\n        self.n = nn.BatchNorm2d(3)\n    def forward(self, x):\n        return self.n(self.c(x))"  # fmt: skip


def module(more: str) -> str:
    return f"""
- id: forward
  kind: module
  construct: {{call: Net}}
  passes: [{{args: [{{shape: [2, 2, 4, 4]}}], mode: eval}}]
  hint: {{ko: 힌트입니다, en: a hint}}
  {more}
"""


def test_neutral_parameter_is_set_to_zero_and_left_out():
    biased = CONV.replace(", bias=False", "")
    assert "shapes" in reason(exercise("Net", CONV, module("buffers: true")), biased)
    assert reason(exercise("Net", CONV, module("neutral: [Conv2d.bias]")), biased) == ""


def test_values_do_not_matter_where_shapes_alone_are_asked_for():
    of = exercise("Net", CONV, module("values: false"))
    assert reason(of, CONV + ".exp()") == ""
    assert "output: The shape" in reason(of, CONV + "[:, :2]")
    assert "output: The dtype" in reason(of, CONV + ".double()")


def test_changed_input_of_a_module_is_seen():
    of = exercise("Net", CONV, module("buffers: true"))
    assert reason(of, CONV.replace("return", "x += 1; x -= 1; x[0] = 0; return")) != ""
    assert "input changed" in reason(of, CONV + " + 0 * x.mul_(2).sum()")


BLOCKS = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Block(3, 4, 2), Block(4, 5))
    def forward(self, x):
        return self.blocks(x)
"""
BLOCK = """
class Block(nn.Module):
    def __init__(self, inside, outside, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(inside, outside, 3, stride, 1)
    def forward(self, x):
        return self.conv(x)
"""
STAND_IN = """
- id: forward
  kind: module
  construct: {call: Net}
  stand_in: {Block: strided}
  passes: [{args: [{shape: [2, 3, 6, 6]}], mode: eval}]
  hint: {ko: 힌트입니다, en: a hint}
- id: parts
  kind: mutation
  stand_in: {Block: strided}
  call: Net
  args: []
  observe: [{parts: result, kinds: [Block]}, {outside: result, kinds: [Block]}]
  hint: {ko: 힌트입니다, en: a hint}
"""


@pytest.fixture(scope="module")
def stacked():
    return exercise("Net", BLOCKS.strip() + "\n" + BLOCK, STAND_IN)


def test_network_of_wrong_blocks_passes_with_stand_ins_which_are_gone_afterwards(stacked):
    broken = BLOCK.replace("return self.conv(x)", "raise ValueError")
    assert verdict(stacked).passed
    assert reason(stacked, BLOCKS + broken) == ""
    assert stacked.reference()["Block"].__name__ == "Block"


@pytest.mark.parametrize("wrong", [("4, 2)", "4, 1)"), ("Block(4, 5)", "Block(4, 4), Block(4, 5)")])
def test_wrong_network_fails_with_stand_ins_too(stacked, wrong):
    assert reason(stacked, BLOCKS.replace(*wrong) + BLOCK) != ""


CHANGED = """
- id: changed
  kind: mutation
  objects: {model: {side_by_side: [{construct: make}, {construct: make}]}}
  order: use
  call: zero_last
  args: [$model]
  observe: [{changed: model, args: [{shape: [2, 3, 4, 4]}]}, {kept: model}, result]
  hint: {ko: 힌트입니다, en: a hint}
"""
MAKE = """
def zero_last(model):
    for part in model:
        nn.init.zeros_(part.last.weight)
def make():
    class Part(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.last = nn.BatchNorm2d(3), nn.BatchNorm2d(3)
        def forward(self, x):
            return self.last(self.first(x))
    return Part()
"""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("", "", ""),
        ("nn.init.zeros_(part.last.weight)", "part.last.weight.data.zero_()", ""),
        ("self.last(self.first(x))", "self.first(self.last(x))", "changed: "),
        ("part.last", "part.first", "changed: "),
        ("zeros_(", "ones_(", "changed: "),
        (
            "nn.init.zeros_(part.last.weight)",
            "part.last.weight = nn.Parameter(torch.zeros(3))",
            "kept: ",
        ),
        (
            "nn.init.zeros_(part.last.weight)",
            "nn.init.zeros_(part.last.weight).requires_grad_(False)",
            "kept: ",
        ),
    ],
)
def test_what_a_call_changed_is_told_by_the_order_of_use_whatever_the_names(before, after, said):
    of = exercise("zero_last", MAKE.strip(), CHANGED)
    found = reason(of, MAKE.replace(before, after) if before else MAKE)
    assert (said in found) if said else not found


IDLE = """
- id: first
  kind: mutation
  call: Net
  args: []
  observe: [{idle: result, item: 0, args: [{shape: [4, 2]}]}]
  hint: {ko: 힌트입니다, en: a hint}
"""
HEADS = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.a, self.b = nn.Linear(2, 3), nn.Linear(3, 4), nn.Linear(3, 5)
    def forward(self, x):
        x = self.body(x)
        return self.a(x), self.b(x)
"""


def test_what_stays_idle_behind_one_of_two_outputs():
    of = exercise("Net", HEADS.strip(), IDLE)
    assert verdict(of).passed
    assert (
        reason(
            of, HEADS.replace("return self.a(x), self.b(x)", "return 2 * self.a(x), 1 + self.b(x)")
        )
        == ""
    )
    assert "idle" in reason(of, HEADS.replace("self.a(x)", "self.a(x.detach())"))
    assert "idle" in reason(
        of, HEADS.replace("return self.a(x), self.b(x)", "return self.b(x), self.a(x)")
    )
