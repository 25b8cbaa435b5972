"""Never clears the gradients between groups.

language: ko
points: 72
loses:
  test_train_one_epoch_accumulated__updates: '앞 그룹의 기울기가 쌓였습니다'
  test_train_one_epoch_accumulated__ragged: '앞 그룹의 기울기가 쌓였습니다'
"""


# cell: train_one_epoch_accumulated
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train()
    optimizer.zero_grad()
    batches = list(loader)
    total, count = 0.0, 0
    for start in range(0, len(batches), accumulate):
        group = batches[start : start + accumulate]
        size = sum(len(y) for _, y in group)
        for x, y in group:
            loss = F.cross_entropy(model(x), y, reduction="sum")
            (loss / size).backward()
            total += loss.item()
        optimizer.step()
        count += size
    return total / count
