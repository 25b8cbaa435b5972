"""Gives the new head the flags of the old one, so that it comes out frozen.

language: en
points: 86
loses:
  test_replace_head__frozen: 'the new head is frozen'
"""


# cell: replace_head
def replace_head(model, num_classes):
    name, head = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)][-1]
    new = nn.Linear(head.in_features, num_classes)
    new.requires_grad_(head.weight.requires_grad)
    model.set_submodule(name, new)
    return model
