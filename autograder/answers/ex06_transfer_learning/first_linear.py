"""Replaces the first linear layer.

language: en
points: 86
loses:
  test_replace_head__nested: 'the first linear layer was replaced'
"""


# cell: replace_head
def replace_head(model, num_classes):
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            parent, _, key = name.rpartition(".")
            setattr(model.get_submodule(parent), key, nn.Linear(module.in_features, num_classes))
            return model
