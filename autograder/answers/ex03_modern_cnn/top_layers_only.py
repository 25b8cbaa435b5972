"""Counts the parameters of the outermost module alone.

language: en
points: 84
loses:
  test_count_parameters: 'is not the count'
  test_count_parameters__frozen: 'is not the count'
"""


# cell: count_parameters
def count_parameters(model):
    return sum(p.numel() for p in model.parameters(recurse=False) if p.requires_grad)
