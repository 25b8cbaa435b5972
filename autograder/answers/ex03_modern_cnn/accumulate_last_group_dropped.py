"""Leaves out the batches of the last, shorter group.

language: ko
points: 81
loses:
  test_train_one_epoch_accumulated__ragged: '마지막 그룹이 빠졌나요'
"""


# cell: train_one_epoch_accumulated
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train()
    total, count, waiting = 0.0, 0, 0
    optimizer.zero_grad()
    for number, (images, labels) in enumerate(loader, 1):
        loss = F.cross_entropy(model(images), labels, reduction="sum")
        loss.backward()
        total += loss.item()
        count += len(labels)
        waiting += len(labels)
        if number % accumulate == 0:
            for p in model.parameters():
                if p.grad is not None:
                    p.grad /= waiting
            optimizer.step()
            optimizer.zero_grad()
            waiting = 0
    return total / count
