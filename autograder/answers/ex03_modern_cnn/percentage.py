"""Returns a percentage.

language: en
points: 86
loses:
  test_accuracy: 'that is a percentage'
"""


# cell: accuracy
def accuracy(model, loader):
    mode = model.training
    model.eval()
    correct, count = 0, 0
    with torch.no_grad():
        for images, labels in loader:
            correct += (model(images).argmax(dim=1) == labels).sum().item()
            count += len(labels)
    model.train(mode)
    return 100 * correct / count
