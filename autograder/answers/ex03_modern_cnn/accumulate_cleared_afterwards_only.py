"""Clears the gradients after each step, but not before the first group.

language: ko
points: 81
loses:
  test_train_one_epoch_accumulated__updates: '이전 학습의 기울기가 남아 있습니다'
"""

# cell: train_one_epoch_accumulated
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train()
    batches = list(loader)
    total, count = 0.0, 0
    for start in range(0, len(batches), accumulate):
        group = batches[start:start + accumulate]
        size = sum(len(y) for _, y in group)
        for x, y in group:
            loss = F.cross_entropy(model(x), y, reduction="sum")
            (loss / size).backward()
            total += loss.item()
        optimizer.step()
        optimizer.zero_grad()
        count += size
    return total / count
