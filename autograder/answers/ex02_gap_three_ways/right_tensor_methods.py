"""Right: keepdim and indexing, one class wrapped around each way.

language: en
points: 90
loses: {}
"""


# cell: gap_avg_pool
class WholeWindow(nn.Module):
    def forward(self, x):  # (N, C, H, W) -> (N, C)
        return nn.functional.avg_pool2d(x, kernel_size=x.shape[2:])[..., 0, 0]


def gap_avg_pool(x):
    return WholeWindow()(x)


# cell: gap_adaptive
gap = nn.Sequential(nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten())
gap_adaptive = gap.forward


# cell: gap_mean
def gap_mean(x):
    return x.mean([2, 3], keepdim=True)[:, :, 0, 0]


# cell: global_max_pool
def global_max_pool(x):
    return nn.AdaptiveMaxPool2d(output_size=(1, 1))(x)[..., 0, 0]
