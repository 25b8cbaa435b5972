"""Right: einsum, one case per kind of class index.

language: ko
points: 90
loses: {}
student: "20260001"
short_answer: |
  글자는 병원을 알려 주는 단서이고 테스트 세트에도 똑같이 들어 있어서 정확도로는 드러나지 않습니다.
  CAM은 로짓이 어디에서 더해졌는지만 보여 주므로, 글자를 가린 사진과 다른 구석을 가린 사진의 로짓을 비교해야 합니다. 글자를 가렸을 때만 답이 바뀌면 글자가 원인입니다.
  지도마다 따로 맞춘 그림은 서로 비교할 수 없고, 확신은 로짓으로 보아야 합니다.
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    if isinstance(class_index, int):
        return torch.einsum("c,nchw->nhw", weight[class_index], features)
    return torch.einsum("nc,nchw->nhw", weight[class_index], features)


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    return cam.flatten(1).mean(1) + bias


# cell: upsample_cam
def upsample_cam(cam, size):
    big = F.interpolate(cam[:, None], size=size, mode="bilinear", align_corners=False)[:, 0]
    lows = big.flatten(1).min(dim=1).values[:, None, None]
    highs = big.flatten(1).max(dim=1).values[:, None, None]
    scaled = (big - lows) / (highs - lows)
    constant = (cam == cam[:, :1, :1]).all(dim=2).all(dim=1)
    scaled[constant | (highs == lows)[:, 0, 0]] = 0
    return scaled
