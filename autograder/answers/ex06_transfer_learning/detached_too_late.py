"""Records gradients and detaches the result.

language: ko
points: 87
loses:
  test_extract_features__no_gradients: '이미 늦습니다'
"""


# cell: extract_features
def extract_features(backbone, loader):
    backbone.eval()
    features, labels = [], []
    if True:
        for images, targets in loader:
            features.append(backbone(images).detach())
            labels.append(targets)
    return torch.cat(features), torch.cat(labels)
