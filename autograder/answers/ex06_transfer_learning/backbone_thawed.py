"""Makes everything trainable together with the new head.

language: ko
points: 86
loses:
  test_replace_head__frozen: '동결되어 있던 백본이 풀렸습니다'
"""


# cell: replace_head
def replace_head(model, num_classes):
    name, head = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)][-1]
    model.set_submodule(name, nn.Linear(head.in_features, num_classes))
    model.requires_grad_(True)
    return model
