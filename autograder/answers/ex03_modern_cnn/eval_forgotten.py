"""Measures in training mode.

language: ko
points: 87
loses:
  test_accuracy__mode: '학습 모드인 채로 정확도를'
student: "20260010"
"""


# cell: accuracy
def accuracy(model, loader):
    correct, count = 0, 0
    with torch.no_grad():
        for images, labels in loader:
            correct += (model(images).argmax(dim=1) == labels).sum().item()
            count += len(labels)
    return correct / count
