"""Right, in the manner of lecture notes.

language: en
points: 90
loses: {}
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    rows = F.avg_pool2d(x, (x.shape[2], 1))
    return torch.flatten(F.avg_pool2d(rows, (1, x.shape[3])), 1)


# cell: gap_adaptive
gap_layer = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())


def gap_adaptive(x):
    return gap_layer(x)


# cell: gap_mean
def gap_mean(x):
    return torch.mean(x.reshape(x.shape[0], x.shape[1], -1), dim=2)


# cell: global_max_pool
def global_max_pool(x):
    return F.max_pool2d(x, kernel_size=x.size()[2:]).view(x.size(0), -1)


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    return (channels * height * width + 1) * num_classes, (channels + 1) * num_classes
