"""Adds a layer behind the old head.

language: en
points: 77
loses:
  test_replace_head: 'a layer was added'
  test_replace_head__nested: 'a layer was added'
  test_replace_head__frozen: 'a layer was added'
"""


# cell: replace_head
def replace_head(model, num_classes):
    name, head = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)][-1]
    model.set_submodule(name, nn.Sequential(head, nn.Linear(head.out_features, num_classes)))
    return model
