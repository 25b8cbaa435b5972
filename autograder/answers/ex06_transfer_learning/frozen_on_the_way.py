"""Freezes the backbone instead of switching gradients off.

language: en
points: 87
loses:
  test_extract_features__no_gradients: 'requires_grad of the backbone changed'
"""


# cell: extract_features
def extract_features(backbone, loader):
    backbone.eval()
    features, labels = [], []
    if backbone.requires_grad_(False):
        for images, targets in loader:
            features.append(backbone(images))
            labels.append(targets)
    return torch.cat(features), torch.cat(labels)
