"""Right, in the manner of a first attempt that works.

language: ko
points: 90
loses: {}
"""


# cell: gap_avg_pool
def gap_avg_pool(x: torch.Tensor) -> torch.Tensor:
    pooled = torch.nn.functional.avg_pool2d(
        input=x, kernel_size=list(x.shape[-2:]), ceil_mode=False
    )
    return pooled.mean(dim=(-2, -1))  # 1x1 by now


# cell: gap_adaptive
def gap_adaptive(x):
    return F.adaptive_avg_pool2d(x, (1, 1)).view(x.size(0), -1)


# cell: gap_mean
def gap_mean(x):
    return torch.stack([torch.stack([channel.mean() for channel in image]) for image in x])


# cell: global_max_pool
def global_max_pool(x):
    return F.adaptive_max_pool2d(x, 1).flatten(1)


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    return (channels * height * width + 1) * num_classes, (channels + 1) * num_classes
