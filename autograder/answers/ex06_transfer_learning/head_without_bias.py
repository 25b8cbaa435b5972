"""Forgets the bias of the new head.

language: ko
points: 77
loses:
  test_replace_head: '새 헤드에 편향이 없습니다'
  test_replace_head__nested: '새 헤드에 편향이 없습니다'
  test_replace_head__frozen: '새 헤드에 편향이 없습니다'
"""


# cell: replace_head
def replace_head(model, num_classes):
    name, head = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)][-1]
    model.set_submodule(name, nn.Linear(head.in_features, num_classes, bias=False))
    return model
