"""Right: spatial axes merged first, prints and a plot of debugging left in.

language: ko
points: 90
loses: {}
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    print("gap_avg_pool", x.shape)
    y = torch.nn.functional.avg_pool2d(x, [x.size(2), x.size(3)], stride=1)
    return torch.flatten(y, start_dim=1)


# cell: gap_adaptive
from torch.nn.functional import adaptive_avg_pool2d as pool_to


def gap_adaptive(x):
    return pool_to(x, output_size=1).squeeze(dim=(2, 3))


# cell: gap_mean
def gap_mean(x):
    return x.flatten(2).mean(-1)


# cell: global_max_pool
def global_max_pool(x):
    return x.flatten(start_dim=2).max(dim=-1)[0]


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    weights = num_classes * channels
    return weights * (height * width) + num_classes, weights + num_classes
