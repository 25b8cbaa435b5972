"""Replaces every linear layer.

language: ko
points: 86
loses:
  test_replace_head__nested: '모든 선형층을 바꾸었습니다'
"""


# cell: replace_head
def replace_head(model, num_classes):
    for module in list(model.modules()):
        for key, child in module.named_children():
            if isinstance(child, nn.Linear):
                setattr(module, key, nn.Linear(child.in_features, num_classes))
    return model
