"""Right, in the manner of a short script.

language: en
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
    x = nn.AdaptiveAvgPool2d(output_size=(1, 1))(x)
    x = torch.flatten(x, 1)
    return x


# cell: gap_mean
def gap_mean(x):
    return torch.mean(x, dim=(-2, -1))


# cell: global_max_pool
def global_max_pool(x):
    return x.max(dim=3)[0].max(dim=2)[0]


# cell: head_parameters
def linear(inputs, outputs):
    weights = inputs * outputs
    biases = outputs
    return weights + biases


def head_parameters(channels, height, width, num_classes):
    return linear(channels * height * width, num_classes), linear(channels, num_classes)
