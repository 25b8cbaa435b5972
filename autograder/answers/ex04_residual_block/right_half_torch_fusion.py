"""Right: PyTorch folds each branch, `dirac_` and `F.pad` make the kernels; ceil by padding and a mask.

language: en
points: 90
loses: {}
"""

# cell: merge_branches
import copy
from torch.nn.utils.fusion import fuse_conv_bn_eval


def merge_branches(body, shortcut=None):
    merged = fuse_conv_bn_eval(*copy.deepcopy(body).eval())
    half = merged.kernel_size[0] // 2
    if shortcut is None:
        extra = nn.init.dirac_(torch.empty_like(merged.weight))
        shift = torch.zeros_like(merged.bias)
    else:
        one = fuse_conv_bn_eval(*copy.deepcopy(shortcut).eval())
        extra = F.pad(one.weight, (half, half, half, half))
        shift = one.bias
    merged.weight = nn.Parameter((merged.weight + extra).detach())
    merged.bias = nn.Parameter((merged.bias + shift).detach())
    return merged


# cell: PooledBottleneck
def mean_pool(x, stride):
    bottom, right = -x.shape[2] % stride, -x.shape[3] % stride
    there = torch.ones_like(x[:1, :1])
    x, there = (F.pad(t, (0, right, 0, bottom)) for t in (x, there))
    return F.avg_pool2d(x, stride) / F.avg_pool2d(there, stride)


class PooledBottleneck(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        wide = channels * 4
        self.stride = stride
        self.reduce = nn.Conv2d(in_channels, channels, kernel_size=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv = nn.Conv2d(
            channels, channels, kernel_size=3, stride=stride, padding=1, bias=False
        )
        self.bn2 = nn.BatchNorm2d(channels)
        self.expand = nn.Conv2d(channels, wide, kernel_size=1, bias=False)
        self.bn3 = nn.BatchNorm2d(wide)
        self.project = None
        if stride > 1 or in_channels != wide:
            self.project = nn.Conv2d(in_channels, wide, kernel_size=1, bias=False)
            self.bn4 = nn.BatchNorm2d(wide)

    def forward(self, x):
        identity = x
        out = F.relu(self.bn1(self.reduce(x)))
        out = F.relu(self.bn2(self.conv(out)))
        out = self.bn3(self.expand(out))
        if self.project is not None:
            identity = mean_pool(x, self.stride) if self.stride > 1 else x
            identity = self.bn4(self.project(identity))
        return F.relu(out + identity)
