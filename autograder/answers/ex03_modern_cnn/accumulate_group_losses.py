"""Averages the means of the groups.

language: ko
points: 83
loses:
  test_train_one_epoch_accumulated: '배치마다 낸 평균을 다시'
"""


# cell: train_one_epoch_accumulated
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train()
    batches = list(loader)
    total, count = 0.0, 0
    for start in range(0, len(batches), accumulate):
        group = batches[start : start + accumulate]
        size = sum(len(y) for _, y in group)
        optimizer.zero_grad()
        for x, y in group:
            loss = F.cross_entropy(model(x), y, reduction="sum") / size
            loss.backward()
            total += loss.item() * size / len(y)
            count += len(y)
        optimizer.step()
    return total / len(batches)
