"""Right: ends by the product of strides, cut map by map; a generator yields the groups.

language: ko
points: 90
loses: {}
"""

# cell: input_interval
import numpy as np


def input_interval(layers, size, position):
    layers = np.array(layers, dtype=int).reshape(-1, 3)
    widths = [size]
    for k, s, p in layers:
        widths.append(int((widths[-1] + 2 * p - k) / s) + 1)
    ends = np.array([position, position])
    while len(layers):
        (k, s, p), layers = layers[-1], layers[:-1]
        widths.pop()
        ends = np.clip(ends * s - p + np.array([0, k - 1]), 0, widths[-1] - 1)
    return int(ends[0]), int(ends[1])


# cell: train_one_epoch_accumulated
def grouped(loader, accumulate):
    group = []
    for batch in loader:
        group.append(batch)
        if len(group) == accumulate:
            yield group
            group = []
    if group:
        yield group


def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train()
    losses = []
    for group in grouped(loader, accumulate):
        optimizer.zero_grad()
        n = sum(len(labels) for _, labels in group)
        for images, labels in group:
            each = F.cross_entropy(model(images), labels, reduction="none")
            (each.sum() / n).backward()
            losses += each.tolist()
        optimizer.step()
    return sum(losses) / len(losses)
