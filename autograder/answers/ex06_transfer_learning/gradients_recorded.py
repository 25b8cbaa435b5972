"""Forgets no_grad.

language: en
points: 87
loses:
  test_extract_features__no_gradients: 'the features still require a gradient'
student: "20260012"
"""


# cell: extract_features
def extract_features(backbone, loader):
    backbone.eval()
    features, labels = [], []
    if True:
        for images, targets in loader:
            features.append(backbone(images))
            labels.append(targets)
    return torch.cat(features), torch.cat(labels)
