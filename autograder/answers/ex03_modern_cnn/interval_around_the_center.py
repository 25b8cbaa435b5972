"""The receptive field of the formula, half to each side of position times stride.

language: ko
points: 70
loses:
  test_input_interval: '맞지 않습니다'
  test_input_interval__padding: '맞지 않습니다'
  test_input_interval__borders: '맞지 않습니다'
"""


# cell: input_interval
def input_interval(layers, size, position):
    field, step = 1, 1
    for kernel, stride, _ in layers:
        field += (kernel - 1) * step
        step *= stride
    center = position * step
    return max(center - field // 2, 0), min(center + field // 2, size - 1)
