"""Counts everything in the state_dict.

language: en
points: 84
loses:
  test_count_parameters: 'buffers were counted too'
  test_count_parameters__frozen: 'count_parameters'
"""


# cell: count_parameters
def count_parameters(model):
    return sum(t.numel() for t in model.state_dict().values())
