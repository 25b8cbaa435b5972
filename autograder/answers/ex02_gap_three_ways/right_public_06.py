"""Right, in the manner of an answer on a forum.

language: ko
points: 90
loses: {}
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    return nn.Sequential(nn.AvgPool2d(kernel_size=tuple(x.shape[2:])), nn.Flatten())(x)


# cell: gap_adaptive
def gap_adaptive(x):
    return F.adaptive_avg_pool2d(x, 1).squeeze(3).squeeze(2)


# cell: gap_mean
def gap_mean(x):
    return x.mean((2, 3), keepdim=True)[:, :, 0, 0]


# cell: global_max_pool
def global_max_pool(x):
    return torch.amax(x, dim=(-1, -2))


# cell: head_parameters
def linear(inputs, outputs):
    weights = inputs * outputs
    biases = outputs
    return weights + biases


def head_parameters(channels, height, width, num_classes):
    return linear(channels * height * width, num_classes), linear(channels, num_classes)
