"""Reverses the list that it was given.

language: en
points: 70
loses:
  test_input_interval: 'changed the list'
  test_input_interval__padding: 'changed the list'
  test_input_interval__borders: 'changed the list'
"""


# cell: input_interval
def input_interval(layers, size, position):
    widths = [size]
    for kernel, stride, padding in layers:
        widths.append(out_size(widths[-1], kernel, stride, padding))
    layers.reverse()
    first = last = position
    for (kernel, stride, padding), width in zip(layers, widths[-2::-1]):
        first = max(first * stride - padding, 0)
        last = min(last * stride - padding + kernel - 1, width - 1)
    return first, last
