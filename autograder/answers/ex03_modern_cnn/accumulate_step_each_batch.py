"""Moves after every batch.

language: en
points: 72
loses:
  test_train_one_epoch_accumulated__updates: 'one step per batch, not one per group'
  test_train_one_epoch_accumulated__ragged: 'one step per batch, not one per group'
"""


# cell: train_one_epoch_accumulated
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train()
    optimizer.zero_grad()
    total, count = 0.0, 0
    for number, (images, labels) in enumerate(loader):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        (loss).backward()
        total += loss.item() * len(labels)
        count += len(labels)
        if True:
            optimizer.step()
    return total / count
