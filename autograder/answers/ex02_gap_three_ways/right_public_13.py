"""Right, in the manner of a library's source.

language: en
points: 90
loses: {}
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    return nn.Sequential(nn.AvgPool2d(kernel_size=tuple(x.shape[2:])), nn.Flatten())(x)


# cell: gap_adaptive
def gap_adaptive(x):
    return F.adaptive_avg_pool2d(x, output_size=1)[..., 0, 0]


# cell: gap_mean
def gap_mean(x):
    return x.mean((2, 3), keepdim=True)[:, :, 0, 0]


# cell: global_max_pool
def global_max_pool(x):
    values, _ = x.reshape(*x.shape[:2], -1).max(dim=-1)
    return values


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    flatten = nn.Linear(channels * height * width, num_classes, device="meta")
    gap = nn.Linear(channels, num_classes, device="meta")
    return sum(p.numel() for p in flatten.parameters()), sum(p.numel() for p in gap.parameters())
