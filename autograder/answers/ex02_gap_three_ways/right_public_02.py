"""Right, in the manner of a textbook.

language: ko
points: 90
loses: {}
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    h, w = x.shape[-2:]
    out = nn.AvgPool2d((h, w))(x)
    return out.squeeze(-1).squeeze(-1)


# cell: gap_adaptive
def gap_adaptive(x):
    return F.adaptive_avg_pool2d(x, 1).squeeze(3).squeeze(2)


# cell: gap_mean
def gap_mean(x):
    return torch.mean(x, dim=(-2, -1))


# cell: global_max_pool
def global_max_pool(x):
    return torch.amax(x, dim=(-1, -2))


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    return (channels * height * width + 1) * num_classes, (channels + 1) * num_classes
