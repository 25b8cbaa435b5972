"""Goes through the loader once for the features and once more for the labels.

language: en
points: 85
loses:
  test_extract_features: 'Go through the loader only once'
"""


# cell: extract_features
def extract_features(backbone, loader):
    backbone.eval()
    features, labels = [], []
    with torch.no_grad():
        for images, targets in loader:
            features.append(backbone(images))
    labels = [targets for images, targets in loader]
    return torch.cat(features), torch.cat(labels)
