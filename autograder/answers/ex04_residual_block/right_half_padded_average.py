"""Right: weight by `F.pad` and `torch.stack`; sums and counts for the pooling.

language: ko
points: 90
loses: {}
"""


# cell: merge_branches
def merge_branches(body, shortcut=None):
    convs = [body[0]]
    norms = [body[1]]
    if shortcut is not None:
        convs.append(shortcut[0])
        norms.append(shortcut[1])
    size = body[0].kernel_size[0]
    weights, biases = [], []
    with torch.no_grad():
        for conv, norm in zip(convs, norms):
            std = torch.sqrt(norm.running_var + norm.eps)
            edge = (size - conv.kernel_size[0]) // 2
            weights.append(
                F.pad(conv.weight * (norm.weight / std).reshape(-1, 1, 1, 1), [edge] * 4)
            )
            before = torch.zeros(conv.out_channels) if conv.bias is None else conv.bias
            biases.append(norm.weight * (before - norm.running_mean) / std + norm.bias)
        if shortcut is None:
            identity = torch.zeros_like(weights[0])
            for channel in range(identity.shape[0]):
                identity[channel, channel, size // 2, size // 2] = 1.0
            weights.append(identity)
    first = body[0]
    merged = nn.Conv2d(first.in_channels, first.out_channels, size, first.stride, size // 2)
    with torch.no_grad():
        merged.weight.copy_(torch.stack(weights).sum(0))
        merged.bias.copy_(torch.stack(biases).sum(0))
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
                MeanPool(stride),
                nn.Conv2d(in_channels, out_channels, 1, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return torch.relu(y + self.shortcut(x))


class MeanPool(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        n, c, h, w = x.shape
        s = self.size
        rows, columns = (h + s - 1) // s, (w + s - 1) // s
        total = x.new_zeros(n, c, rows * s, columns * s)
        count = x.new_zeros(1, 1, rows * s, columns * s)
        total[:, :, :h, :w] = x
        count[:, :, :h, :w] = 1
        total, count = (
            t.unflatten(2, (rows, s)).unflatten(4, (columns, s)).sum((3, 5)) for t in (total, count)
        )
        return total / count
