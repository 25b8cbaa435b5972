"""Right, in the manner of a paper's code.

language: en
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
    x = nn.AdaptiveAvgPool2d(output_size=(1, 1))(x)
    x = torch.flatten(x, 1)
    return x


# cell: gap_mean
def gap_mean(x):
    return x.mean(dim=3).mean(dim=2)


# cell: global_max_pool
def global_max_pool(x):
    return x.max(dim=3)[0].max(dim=2)[0]


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    return (channels * height * width + 1) * num_classes, (channels + 1) * num_classes
