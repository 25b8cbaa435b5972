"""Right: image by image, channel by channel.

language: en
points: 90
loses: {}
"""


# cell: max_pool2d_indices
def one_map(a, kernel, stride, padding):
    H, W = a.shape
    values, indices = [], []
    for top in range(-padding, H + padding - kernel + 1, stride):
        for left in range(-padding, W + padding - kernel + 1, stride):
            best = None
            for r in range(max(0, top), min(H, top + kernel)):
                for c in range(max(0, left), min(W, left + kernel)):
                    if best is None or a[r, c] > a[best // W, best % W]:
                        best = r * W + c
            values.append(a[best // W, best % W])
            indices.append(best)
    wide = (W + 2 * padding - kernel) // stride + 1
    return torch.stack(values).reshape(-1, wide), torch.tensor(indices).reshape(-1, wide)


def max_pool2d_indices(x, kernel, stride, padding):
    done = [[one_map(a, kernel, stride, padding) for a in image] for image in x]
    return tuple(
        torch.stack([torch.stack([pair[k] for pair in image]) for image in done]) for k in (0, 1)
    )
