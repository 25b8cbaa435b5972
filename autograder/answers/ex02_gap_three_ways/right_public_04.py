"""Right, in the manner of a blog post.

language: ko
points: 90
loses: {}
"""


# cell: gap_avg_pool
class GlobalAvgPool2d(nn.Module):
    def forward(self, x):
        return F.avg_pool2d(x, kernel_size=(x.shape[2], x.shape[3]))[:, :, 0, 0]


def gap_avg_pool(x):
    return GlobalAvgPool2d()(x)


# cell: gap_adaptive
def gap_adaptive(x):
    return F.adaptive_avg_pool2d(x, 1).squeeze(3).squeeze(2)


# cell: gap_mean
def gap_mean(x):
    return x.mean(dim=3).mean(dim=2)


# cell: global_max_pool
def global_max_pool(x):
    return torch.amax(x, dim=(-1, -2))


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    flatten = nn.Linear(channels * height * width, num_classes, device="meta")
    gap = nn.Linear(channels, num_classes, device="meta")
    return sum(p.numel() for p in flatten.parameters()), sum(p.numel() for p in gap.parameters())
