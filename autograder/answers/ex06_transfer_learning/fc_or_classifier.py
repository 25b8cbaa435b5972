"""Tries fc and classifier as direct attributes.

language: en
points: 81
loses:
  test_replace_head: 'the head is the old one'
  test_replace_head__nested: 'the head is the old one'
"""


# cell: replace_head
def replace_head(model, num_classes):
    for name in ("fc", "classifier"):
        if isinstance(getattr(model, name, None), nn.Linear):
            setattr(model, name, nn.Linear(getattr(model, name).in_features, num_classes))
    return model
