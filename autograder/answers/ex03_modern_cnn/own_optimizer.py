"""Makes an optimiser of its own.

language: ko
points: 81
loses:
  test_train_one_epoch: 'train_one_epoch'
  test_train_one_epoch__updates: '한 번도 없었습니다'
"""


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
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
