"""Never switches to eval mode.

language: ko
points: 86
loses:
  test_extract_features__eval: '백본을 학습 모드로 실행했습니다'
student: "20260011"
"""


# cell: extract_features
def extract_features(backbone, loader):
    features, labels = [], []
    with torch.no_grad():
        for images, targets in loader:
            features.append(backbone(images))
            labels.append(targets)
    return torch.cat(features), torch.cat(labels)
