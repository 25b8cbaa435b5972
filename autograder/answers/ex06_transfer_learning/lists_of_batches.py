"""Returns two lists of batches.

language: ko
points: 81
loses:
  test_extract_features: '텐서 두 개의 튜플'
  test_extract_features__eval: '특징이 평가 모드의 값과 다릅니다'
"""


# cell: extract_features
def extract_features(backbone, loader):
    backbone.eval()
    features, labels = [], []
    with torch.no_grad():
        for images, targets in loader:
            features.append(backbone(images))
            labels.append(targets)
    return features, labels
