"""Freezes what is called weight and forgets the biases.

language: en
points: 87
loses:
  test_freeze: 'can still be trained'
"""


# cell: freeze
def freeze(model):
    for module in model.modules():
        if getattr(module, "weight", None) is not None:
            module.weight.requires_grad = False
    return model
