"""Overwrites the features of the batches before.

language: ko
points: 81
loses:
  test_extract_features: '빠진 배치가 있나요'
  test_extract_features__eval: '특징이 평가 모드의 값과 다릅니다'
"""


# cell: extract_features
def extract_features(backbone, loader):
    backbone.eval()
    features, labels = [], []
    with torch.no_grad():
        for images, targets in loader:
            features = [backbone(images)]
            labels = [targets]
    return torch.cat(features), torch.cat(labels)
