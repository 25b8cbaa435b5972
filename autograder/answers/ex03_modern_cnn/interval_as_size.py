"""Returns the number of columns.

language: ko
points: 70
loses:
  test_input_interval: '숫자 두 개의 튜플'
  test_input_interval__padding: '숫자 두 개의 튜플'
  test_input_interval__borders: '숫자 두 개의 튜플'
"""


# cell: input_interval
def input_interval(layers, size, position):
    widths = [size]
    for kernel, stride, padding in layers:
        widths.append(out_size(widths[-1], kernel, stride, padding))
    first = last = position
    for (kernel, stride, padding), width in zip(layers[::-1], widths[-2::-1]):
        first = max(first * stride - padding, 0)
        last = min(last * stride - padding + kernel - 1, width - 1)
    return last - first + 1
