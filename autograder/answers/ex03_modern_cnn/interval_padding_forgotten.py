"""Forgets the padding.

language: ko
points: 78
loses:
  test_input_interval__padding: '패딩을 빼지 않았습니다'
  test_input_interval__borders: '맞지 않습니다'
"""


# cell: input_interval
def input_interval(layers, size, position):
    widths = [size]
    for kernel, stride, padding in layers:
        widths.append(out_size(widths[-1], kernel, stride, padding))
    first = last = position
    for (kernel, stride, _), width in zip(layers[::-1], widths[-2::-1]):
        first = max(first * stride, 0)
        last = min(last * stride + kernel - 1, width - 1)
    return first, last
