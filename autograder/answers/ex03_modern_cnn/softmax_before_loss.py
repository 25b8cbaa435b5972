"""Gives probabilities to the cross-entropy.

language: en
points: 81
loses:
  test_train_one_epoch: 'softmax was applied before'
  test_train_one_epoch__updates: 'not that of the batch'
"""


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images).softmax(dim=1), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
