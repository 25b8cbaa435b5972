"""A detour through NumPy cuts the gradient.

language: ko
points: 87
loses:
  test_masked_gap__gradient: "기울기가 흐르지 않습니다"
"""

# cell: masked_gap
import numpy as np


def masked_gap(x, mask):
    total = np.where(mask[:, None].numpy(), x.detach().numpy(), 0).sum((2, 3))
    return torch.from_numpy(total / np.maximum(mask.numpy().sum((1, 2)), 1)[:, None]).to(x.dtype)
