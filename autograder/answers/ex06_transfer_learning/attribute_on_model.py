"""Sets requires_grad on the model object, which freezes nothing.

language: en
points: 84
loses:
  test_freeze: 'nothing is frozen'
student: "20260008"
"""

# cell: freeze
def freeze(model):
    model.requires_grad = False
    return model
