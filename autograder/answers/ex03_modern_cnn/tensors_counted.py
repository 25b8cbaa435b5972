"""Counts tensors, not numbers.

language: ko
points: 84
loses:
  test_count_parameters: '텐서의 개수'
  test_count_parameters__frozen: 'count_parameters'
"""


# cell: count_parameters
def count_parameters(model):
    return len([p for p in model.parameters() if p.requires_grad])
