"""Replaces the head and freezes it along with the rest.

language: ko
points: 86
loses:
  test_replace_head__frozen: '새 헤드가 동결되어 있습니다'
student: "20260010"
"""


# cell: replace_head
def replace_head(model, num_classes):
    name, head = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)][-1]
    model.set_submodule(name, nn.Linear(head.in_features, num_classes))
    for p in model.parameters():
        p.requires_grad = False
    return model
