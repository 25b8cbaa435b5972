"""Divides every mean by `accumulate`, the recipe of many tutorials.

language: en
points: 81
loses:
  test_train_one_epoch_accumulated__ragged: 'samples of a small batch then weigh more'
"""


# cell: train_one_epoch_accumulated
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train()
    optimizer.zero_grad()
    total, count = 0.0, 0
    for number, (images, labels) in enumerate(loader):
        loss = F.cross_entropy(model(images), labels)
        (loss / accumulate).backward()
        total += loss.item() * len(labels)
        count += len(labels)
        if (number + 1) % accumulate == 0:
            optimizer.step()
            optimizer.zero_grad()
    if (number + 1) % accumulate != 0:
        optimizer.step()
        optimizer.zero_grad()
    return total / count
