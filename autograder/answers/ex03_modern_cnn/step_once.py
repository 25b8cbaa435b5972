"""Moves once, after the loop.

language: ko
points: 85
loses:
  test_train_one_epoch__updates: '번 호출했습니다'
"""


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        total += loss.item() * len(labels)
        count += len(labels)
    optimizer.step()
    return total / count
