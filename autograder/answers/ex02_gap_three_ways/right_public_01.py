"""Right, in the manner of a tutorial.

language: en
points: 90
loses: {}
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    return F.avg_pool2d(x, kernel_size=x.size()[2:]).view(x.size(0), -1)


# cell: gap_adaptive
gap_layer = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())


def gap_adaptive(x):
    return gap_layer(x)


# cell: gap_mean
def gap_mean(x):
    return x.mean([2, 3])


# cell: global_max_pool
def global_max_pool(x):
    return F.max_pool2d(x, kernel_size=x.size()[2:]).view(x.size(0), -1)


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    flatten = nn.Linear(channels * height * width, num_classes, device="meta")
    gap = nn.Linear(channels, num_classes, device="meta")
    return sum(p.numel() for p in flatten.parameters()), sum(p.numel() for p in gap.parameters())
