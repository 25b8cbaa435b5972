"""Right, in the manner of a student who likes loops.

language: ko
points: 90
loses: {}
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    return F.avg_pool2d(x, kernel_size=x.size()[2:]).view(x.size(0), -1)


# cell: gap_adaptive
def gap_adaptive(x):
    batch, channels = x.shape[0], x.shape[1]
    return F.adaptive_avg_pool2d(x, 1).reshape(batch, channels)


# cell: gap_mean
def gap_mean(x):
    return x.mean([2, 3])


# cell: global_max_pool
def global_max_pool(x):
    return nn.AdaptiveMaxPool2d((1, 1))(x).squeeze(-1).squeeze(-1)


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    return (channels * height * width + 1) * num_classes, (channels + 1) * num_classes
