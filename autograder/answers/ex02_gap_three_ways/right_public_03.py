"""Right, in the manner of a well-known repository.

language: en
points: 90
loses: {}
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    N, C, H, W = x.shape
    return F.avg_pool2d(x, (H, W), stride=1).reshape(N, C)


# cell: gap_adaptive
gap_layer = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())


def gap_adaptive(x):
    return gap_layer(x)


# cell: gap_mean
def gap_mean(x):
    return x.flatten(2).mean(-1)


# cell: global_max_pool
def global_max_pool(x):
    return F.max_pool2d(x, kernel_size=x.size()[2:]).view(x.size(0), -1)


# cell: head_parameters
def linear(inputs, outputs):
    weights = inputs * outputs
    biases = outputs
    return weights + biases


def head_parameters(channels, height, width, num_classes):
    return linear(channels * height * width, num_classes), linear(channels, num_classes)
