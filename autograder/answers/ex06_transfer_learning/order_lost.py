"""Puts each new batch in front.

language: ko
points: 81
loses:
  test_extract_features: '특징이 loader의 순서와 다릅니다'
  test_extract_features__eval: '특징이 평가 모드의 값과 다릅니다'
"""


# cell: extract_features
def extract_features(backbone, loader):
    backbone.eval()
    features, labels = [], []
    with torch.no_grad():
        for images, targets in loader:
            features.insert(0, backbone(images))
            labels.append(targets)
    return torch.cat(features), torch.cat(labels)
