"""Calls train() where eval() belongs.

language: en
points: 83
loses:
  test_extract_features__eval: 'ran in training mode'
  test_extract_features__no_gradients: 'without recording gradients'
"""


# cell: extract_features
def extract_features(backbone, loader):
    backbone.train()
    features, labels = [], []
    with torch.no_grad():
        for images, targets in loader:
            features.append(backbone(images))
            labels.append(targets)
    return torch.cat(features), torch.cat(labels)
