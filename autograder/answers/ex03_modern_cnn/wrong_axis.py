"""Takes the largest logit along the batch.

language: ko
points: 83
loses:
  test_accuracy: 'accuracy'
  test_accuracy__mode: 'accuracy'
"""


# cell: accuracy
def accuracy(model, loader):
    mode = model.training
    model.eval()
    correct, count = 0, 0
    with torch.no_grad():
        for images, labels in loader:
            correct += (model(images).argmax(dim=0) == labels).sum().item()
            count += len(labels)
    model.train(mode)
    return correct / count
