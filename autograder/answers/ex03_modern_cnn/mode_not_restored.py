"""Leaves the model in evaluation mode.

language: en
points: 87
loses:
  test_accuracy__mode: 'did not restore'
"""


# cell: accuracy
def accuracy(model, loader):
    model.eval()
    correct, count = 0, 0
    with torch.no_grad():
        for images, labels in loader:
            correct += (model(images).argmax(dim=1) == labels).sum().item()
            count += len(labels)
    return correct / count
