"""Replaces the head of a copy.

language: en
points: 85
loses:
  test_replace_head: 'another object comes back'
"""

# cell: replace_head
import copy


def replace_head(model, num_classes):
    model = copy.deepcopy(model)
    name, head = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)][-1]
    model.set_submodule(name, nn.Linear(head.in_features, num_classes))
    return model
