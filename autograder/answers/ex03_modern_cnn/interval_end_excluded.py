"""Gives the column behind the last one, as a slice would.

language: en
points: 70
loses:
  test_input_interval: 'the last column itself'
  test_input_interval__padding: 'the last column itself'
  test_input_interval__borders: 'the last column itself'
"""


# cell: input_interval
def input_interval(layers, size, position):
    widths = [size]
    for kernel, stride, padding in layers:
        widths.append(out_size(widths[-1], kernel, stride, padding))
    start, stop = position, position + 1
    for (kernel, stride, padding), width in zip(layers[::-1], widths[-2::-1]):
        start = max(start * stride - padding, 0)
        stop = min((stop - 1) * stride - padding + kernel, width)
    return start, stop
