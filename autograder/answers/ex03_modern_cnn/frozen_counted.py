"""Counts frozen parameters too.

language: ko
points: 87
loses:
  test_count_parameters__frozen: '동결된 파라미터까지'
student: "20260007"
"""


# cell: count_parameters
def count_parameters(model):
    return sum(p.numel() for p in model.parameters())
