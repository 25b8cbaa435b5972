"""Averages the batches' accuracies.

language: ko
points: 86
loses:
  test_accuracy: '정확도를 평균 냈습니다'
"""


# cell: accuracy
def accuracy(model, loader):
    mode = model.training
    model.eval()
    shares = []
    with torch.no_grad():
        for images, labels in loader:
            shares.append((model(images).argmax(dim=1) == labels).float().mean().item())
    model.train(mode)
    return sum(shares) / len(shares)
