"""Padding with the smallest value less 1: of large values that is the smallest value itself.

language: ko
points: 87
loses:
  test_max_pool2d_indices__low: 최솟값에서 1을 빼도
"""


# cell: max_pool2d_indices
def max_pool2d_indices(x, kernel, stride, padding):
    height, width = x.shape[2:]
    sides = [padding] * 4
    values = F.pad(x, sides, value=x.min().item() - 1)
    numbers = F.pad(torch.arange(height * width).view(1, 1, height, width), sides)
    values = values.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4)
    numbers = numbers.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4)
    best = values.argmax(4, keepdim=True)
    found = numbers.expand_as(values).gather(4, best)
    return values.gather(4, best).squeeze(4), found.squeeze(4)
