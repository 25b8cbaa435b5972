"""Never clears the gradients.

language: ko
points: 85
loses:
  test_train_one_epoch__updates: '기울기가 쌓였습니다'
student: "20260009"
"""


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
