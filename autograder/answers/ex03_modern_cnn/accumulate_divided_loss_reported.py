"""Reports the loss after its division by the size of the group.

language: ko
points: 83
loses:
  test_train_one_epoch_accumulated: '교차 엔트로피의 평균이 아닙니다'
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
            total += loss.item()
            count += len(y)
        optimizer.step()
    return total / count
