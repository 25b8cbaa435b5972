"""Sets requires_grad on the model object, which freezes nothing.

language: en
points: 85
loses:
  test_freeze__same_object: 'doing nothing'
  test_freeze: 'nothing is frozen'
student: "20260008"
"""


# cell: freeze
def freeze(model):
    model.requires_grad = False
    return model
