"""Always leaves the model in training mode.

language: ko
points: 87
loses:
  test_accuracy__mode: '되돌려 놓지 않았습니다'
"""


# cell: accuracy
def accuracy(model, loader):
    model.eval()
    correct, count = 0, 0
    with torch.no_grad():
        for images, labels in loader:
            correct += (model(images).argmax(dim=1) == labels).sum().item()
            count += len(labels)
    model.train()
    return correct / count
