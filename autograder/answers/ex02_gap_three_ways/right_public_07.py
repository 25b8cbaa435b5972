"""Right, in the manner of a course's lab.

language: en
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
    x = nn.AdaptiveAvgPool2d(output_size=(1, 1))(x)
    x = torch.flatten(x, 1)
    return x


# cell: gap_mean
def gap_mean(x):
    return torch.stack([torch.stack([channel.mean() for channel in image]) for image in x])


# cell: global_max_pool
def global_max_pool(x):
    return x.max(dim=3)[0].max(dim=2)[0]


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    flatten = nn.Linear(channels * height * width, num_classes, device="meta")
    gap = nn.Linear(channels, num_classes, device="meta")
    return sum(p.numel() for p in flatten.parameters()), sum(p.numel() for p in gap.parameters())
