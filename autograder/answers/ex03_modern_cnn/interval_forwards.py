"""Goes through the layers from the image on.

language: en
points: 70
loses:
  test_input_interval: 'taken in the wrong order'
  test_input_interval__padding: 'taken in the wrong order'
  test_input_interval__borders: 'taken in the wrong order'
"""


# cell: input_interval
def input_interval(layers, size, position):
    first = last = position
    for kernel, stride, padding in layers:
        first = first * stride - padding
        last = last * stride - padding + kernel - 1
    return max(first, 0), min(last, size - 1)
