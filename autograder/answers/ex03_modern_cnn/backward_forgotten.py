"""Never goes backward.

language: en
points: 85
loses:
  test_train_one_epoch__updates: 'called without gradients'
"""


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
