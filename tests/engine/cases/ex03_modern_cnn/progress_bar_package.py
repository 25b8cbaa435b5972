"""Right loop behind a progress bar.

language: en
loses: {}
"""

# cell: train_one_epoch
from tqdm import tqdm


def train_one_epoch(model, loader, optimizer):
    model.train()
    total = seen = 0
    for images, labels in tqdm(loader):
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        seen += len(labels)
    return total / seen
