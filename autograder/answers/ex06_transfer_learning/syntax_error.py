"""A parenthesis is missing in one cell; the other functions still count.

language: en
points: 85
loses:
  test_freeze: '`freeze`'
  test_freeze__same_object: '`freeze`'
"""

# cell: freeze
def freeze(model):
    for p in model.parameters(:
        p.requires_grad_(False)
    return model
