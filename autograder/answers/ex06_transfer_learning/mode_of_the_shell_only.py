"""Sets the attribute training of the outer module only; the layers inside stay in train mode.

language: ko
points: 86
loses:
  test_extract_features__eval: '이동 통계량이 바뀌었습니다'
"""


# cell: extract_features
def extract_features(backbone, loader):
    backbone.training = False
    features, labels = [], []
    with torch.no_grad():
        for images, targets in loader:
            features.append(backbone(images))
            labels.append(targets)
    return torch.cat(features), torch.cat(labels)
