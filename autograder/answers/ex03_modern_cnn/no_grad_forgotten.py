"""Computes gradients while it measures.

language: en
points: 87
loses:
  test_accuracy__mode: 'gradients were on'
"""


# cell: accuracy
def accuracy(model, loader):
    mode = model.training
    model.eval()
    correct, count = 0, 0
    if True:
        for images, labels in loader:
            correct += (model(images).argmax(dim=1) == labels).sum().item()
            count += len(labels)
    model.train(mode)
    return correct / count
