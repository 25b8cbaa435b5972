"""Right: a copy is changed and the fold written with views; two blocks in one base class.

language: en
points: 90
loses: {}
"""

# cell: merge_branches
import copy


def fold(branch):
    conv = copy.deepcopy(branch[0])
    bn = copy.deepcopy(branch[1])
    if conv.bias is None:
        conv.bias = nn.Parameter(torch.zeros(conv.out_channels))
    with torch.no_grad():
        std = (bn.running_var + bn.eps).sqrt()
        conv.bias.sub_(bn.running_mean).div_(std).mul_(bn.weight).add_(bn.bias)
        conv.weight.mul_((bn.weight / std).view(-1, 1, 1, 1))
    return conv


def merge_branches(body, shortcut=None):
    merged = fold(body).train(False)
    middle = merged.padding[0]
    with torch.no_grad():
        if shortcut is None:
            merged.weight[:, :, middle, middle].add_(torch.eye(merged.in_channels))
        else:
            side = fold(shortcut)
            merged.weight[:, :, middle, middle].add_(side.weight.squeeze(3).squeeze(2))
            merged.bias.add_(side.bias)
    return merged


# cell: PooledBottleneck
class PooledBottleneck(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        out_channels = channels * 4
        self.conv1 = nn.Conv2d(in_channels, channels, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv3 = nn.Conv2d(channels, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.shortcut = nn.Sequential()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                *([nn.AvgPool2d(stride, ceil_mode=True)] if stride > 1 else []),
                nn.Conv2d(in_channels, out_channels, 1, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return torch.relu(y + self.shortcut(x))
