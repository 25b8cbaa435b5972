"""Trains in whatever mode the model comes in.

language: ko
points: 87
loses:
  test_train_one_epoch__mode: '평가 모드인 채로'
"""


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    total, count = 0.0, 0
    for images, labels in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
