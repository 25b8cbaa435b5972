"""Swaps in and out features of the new head.

language: ko
points: 77
loses:
  test_replace_head: '선형층이'
  test_replace_head__nested: '선형층이'
  test_replace_head__frozen: '선형층이'
"""


# cell: replace_head
def replace_head(model, num_classes):
    name, head = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)][-1]
    model.set_submodule(name, nn.Linear(num_classes, head.in_features))
    return model
