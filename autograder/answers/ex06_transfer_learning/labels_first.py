"""Returns the labels first.

language: en
points: 81
loses:
  test_extract_features: 'the two are swapped'
  test_extract_features__eval: 'not those of evaluation mode'
"""


# cell: extract_features
def extract_features(backbone, loader):
    backbone.eval()
    features, labels = [], []
    with torch.no_grad():
        for images, targets in loader:
            features.append(backbone(images))
            labels.append(targets)
    return torch.cat(labels), torch.cat(features)
