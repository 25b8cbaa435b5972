"""Looks at direct children only and misses a linear layer inside a Sequential.

language: ko
points: 86
loses:
  test_replace_head__nested: '다른 모듈 안에 든 선형층을 놓치지'
"""


# cell: replace_head
def replace_head(model, num_classes):
    for name, child in reversed(list(model.named_children())):
        if isinstance(child, nn.Linear):
            setattr(model, name, nn.Linear(child.in_features, num_classes))
            break
    return model
