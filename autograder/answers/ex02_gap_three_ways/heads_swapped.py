"""The two counts in the wrong order.

language: en
points: 83
loses:
  test_head_parameters__flatten: "the two values are swapped"
  test_head_parameters__gap: "after GAP there is no height or width"
"""


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    flatten = channels * height * width * num_classes + num_classes
    gap = channels * num_classes + num_classes
    return gap, flatten
