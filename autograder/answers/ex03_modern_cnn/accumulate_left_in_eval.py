"""Trains in the mode that the model came in.

language: en
points: 83
loses:
  test_train_one_epoch_accumulated: 'evaluation mode'
"""


# cell: train_one_epoch_accumulated
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    batches = list(loader)
    total, count = 0.0, 0
    for start in range(0, len(batches), accumulate):
        group = batches[start : start + accumulate]
        size = sum(len(y) for _, y in group)
        optimizer.zero_grad()
        for x, y in group:
            loss = F.cross_entropy(model(x), y, reduction="sum") / size
            loss.backward()
            total += loss.item() * size
            count += len(y)
        optimizer.step()
    return total / count
