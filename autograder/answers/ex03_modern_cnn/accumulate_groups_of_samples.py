"""Takes `accumulate` as a number of samples.

language: ko
points: 72
loses:
  test_train_one_epoch_accumulated__updates: '갱신했습니다'
  test_train_one_epoch_accumulated__ragged: '그룹'
"""


# cell: train_one_epoch_accumulated
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train()
    optimizer.zero_grad()
    total, count, waiting = 0.0, 0, 0
    for images, labels in loader:
        loss = F.cross_entropy(model(images), labels, reduction="sum")
        loss.backward()
        total += loss.item()
        count += len(labels)
        waiting += len(labels)
        if waiting >= accumulate:
            for p in model.parameters():
                if p.grad is not None:
                    p.grad /= waiting
            optimizer.step()
            optimizer.zero_grad()
            waiting = 0
    if waiting:
        optimizer.step()
    return total / count
