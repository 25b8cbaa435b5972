"""Replaces the whole last child by one linear layer, dropout and hidden layer included.

language: en
points: 86
loses:
  test_replace_head__nested: 'gone or new'
"""


# cell: replace_head
def replace_head(model, num_classes):
    name, child = list(model.named_children())[-1]
    linear = [m for m in child.modules() if isinstance(m, nn.Linear)][-1]
    setattr(model, name, nn.Linear(linear.in_features, num_classes))
    return model
