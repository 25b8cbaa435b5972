"""Right, in the manner of a training framework.

language: ko
points: 90
loses: {}
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    N, C, H, W = x.shape
    return F.avg_pool2d(x, (H, W), stride=1).reshape(N, C)


# cell: gap_adaptive
def gap_adaptive(x):
    batch, channels = x.shape[0], x.shape[1]
    return F.adaptive_avg_pool2d(x, 1).reshape(batch, channels)


# cell: gap_mean
def gap_mean(x):
    return x.flatten(2).mean(-1)


# cell: global_max_pool
def global_max_pool(x):
    return nn.AdaptiveMaxPool2d((1, 1))(x).squeeze(-1).squeeze(-1)


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    flatten = nn.Linear(channels * height * width, num_classes, device="meta")
    gap = nn.Linear(channels, num_classes, device="meta")
    return sum(p.numel() for p in flatten.parameters()), sum(p.numel() for p in gap.parameters())
