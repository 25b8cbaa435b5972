"""Turns the labels into floats.

language: en
points: 85
loses:
  test_extract_features: "Leave them torch.int64"
"""


# cell: extract_features
def extract_features(backbone, loader):
    backbone.eval()
    features, labels = [], []
    with torch.no_grad():
        for images, targets in loader:
            features.append(backbone(images))
            labels.append(targets.float())
    return torch.cat(features), torch.cat(labels)
