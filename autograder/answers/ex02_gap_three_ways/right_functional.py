"""Right: functions of `F`, flatten.

language: ko
points: 90
loses: {}
student: "20260001"
short_answer: |
  flatten 헤드는 64·8·8·2 + 2 = 8,194개, GAP 헤드는 64·2 + 2 = 130개입니다. GAP는 채널마다 값 하나만 남기므로 입력 크기가 달라져도 됩니다.
  왼쪽 끝에만 1이 있는 특징 맵과 오른쪽 끝에만 1이 있는 특징 맵은 평균이 같아서 GAP 뒤에서는 구별되지 않습니다.
  너비를 둘로 나누어 평균을 내면(1×2) 258개로도 좌우를 가릴 수 있습니다.
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    n, c, h, w = x.shape
    return F.avg_pool2d(x, kernel_size=(h, w)).view(n, c)


# cell: gap_adaptive
def gap_adaptive(x):
    return F.adaptive_avg_pool2d(x, (1, 1))[:, :, 0, 0]


# cell: gap_mean
def gap_mean(x):
    return torch.mean(x, dim=(-2, -1))


# cell: global_max_pool
def global_max_pool(x):
    return F.adaptive_max_pool2d(x, 1).flatten(1)


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    return (channels * height * width + 1) * num_classes, (channels + 1) * num_classes
