"""Reports the loss found after the step.

language: ko
points: 83
loses:
  test_train_one_epoch: '직전'
  test_train_one_epoch__mode: '번 호출했습니다'
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
        with torch.no_grad():
            again = F.cross_entropy(model(images), labels)
        total += again.item() * len(labels)
        count += len(labels)
    return total / count
