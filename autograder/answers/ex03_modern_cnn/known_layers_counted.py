"""Counts the weight and the bias of each layer, and nothing that is called otherwise.

language: en
points: 87
loses:
  test_count_parameters: "its parameters are not all called `weight` or `bias`"
"""


# cell: count_parameters
def count_parameters(model):
    found = {}
    for module in model.modules():
        for name in ("weight", "bias"):
            p = getattr(module, name, None)
            if isinstance(p, nn.Parameter) and p.requires_grad:
                found[id(p)] = p.numel()
    return sum(found.values())
