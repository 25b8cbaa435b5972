"""Averages the batches' means.

language: en
points: 86
loses:
  test_train_one_epoch: 'the means of the batches were averaged'
student: "20260008"
"""


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    model.train()
    total = 0.0
    for images, labels in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)
