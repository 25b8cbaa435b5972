"""Pools the features, although they should come as they are.

language: ko
points: 81
loses:
  test_extract_features: '백본의 출력을 그대로 잇기만 하세요'
  test_extract_features__eval: '특징이 평가 모드의 값과 다릅니다'
"""


# cell: extract_features
def extract_features(backbone, loader):
    backbone.eval()
    features, labels = [], []
    with torch.no_grad():
        for images, targets in loader:
            features.append(backbone(images).mean(dim=(2, 3)))
            labels.append(targets)
    return torch.cat(features), torch.cat(labels)
