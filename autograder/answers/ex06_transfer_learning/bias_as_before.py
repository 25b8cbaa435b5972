"""The new head has a bias only where the old one had.

language: ko
points: 85
loses:
  test_replace_head: "예전 헤드에는 편향이 없습니다"
"""


# cell: replace_head
def replace_head(model, num_classes):
    name, old = [
        (name, module) for name, module in model.named_modules() if isinstance(module, nn.Linear)
    ][-1]
    parent, _, attribute = name.rpartition(".")
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None)
    setattr(model.get_submodule(parent), attribute, new)
    return model
