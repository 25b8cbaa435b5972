"""Means taken with NumPy: a numpy.float64 is a float by isinstance (debatable; the visible test says it, too).

language: en
"""

# cell: train_one_epoch
import numpy as np


def train_one_epoch(model, loader, optimizer):
    model.train()
    losses, sizes = [], []
    for images, labels in loader:
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        sizes.append(len(labels))
    return np.average(losses, weights=sizes)
