"""Clears the gradients once, before the loop.

language: en
points: 85
loses:
  test_train_one_epoch__updates: 'earlier batches piled up'
"""


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    optimizer.zero_grad()
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
