"""Returns after the first batch.

language: ko
points: 78
loses:
  test_train_one_epoch: '첫 배치에서'
  test_train_one_epoch__updates: '번 호출했습니다'
  test_train_one_epoch__mode: '호출했습니다'
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
        return total / count
