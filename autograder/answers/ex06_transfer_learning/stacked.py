"""Stacks the batches on a new axis.

language: en
points: 78
loses:
  test_extract_features: 'there is an axis more'
  test_extract_features__eval: 'raised an error'
  test_extract_features__no_gradients: 'raised an error'
"""


# cell: extract_features
def extract_features(backbone, loader):
    backbone.eval()
    features, labels = [], []
    with torch.no_grad():
        for images, targets in loader:
            features.append(backbone(images))
            labels.append(targets)
    return torch.stack(features), torch.stack(labels)
