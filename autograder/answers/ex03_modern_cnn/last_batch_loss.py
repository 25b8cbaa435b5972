"""Returns the loss of the last batch.

language: ko
points: 86
loses:
  test_train_one_epoch: '마지막 배치의 손실만'
"""


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return loss.item()
