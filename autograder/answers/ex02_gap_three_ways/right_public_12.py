"""Right, in the manner of a colleague's review.

language: ko
points: 90
loses: {}
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    rows = F.avg_pool2d(x, (x.shape[2], 1))
    return torch.flatten(F.avg_pool2d(rows, (1, x.shape[3])), 1)


# cell: gap_adaptive
def gap_adaptive(x):
    batch, channels = x.shape[0], x.shape[1]
    return F.adaptive_avg_pool2d(x, 1).reshape(batch, channels)


# cell: gap_mean
def gap_mean(x):
    return torch.mean(x.reshape(x.shape[0], x.shape[1], -1), dim=2)


# cell: global_max_pool
def global_max_pool(x):
    return nn.AdaptiveMaxPool2d((1, 1))(x).squeeze(-1).squeeze(-1)


# cell: head_parameters
def linear(inputs, outputs):
    weights = inputs * outputs
    biases = outputs
    return weights + biases


def head_parameters(channels, height, width, num_classes):
    return linear(channels * height * width, num_classes), linear(channels, num_classes)
