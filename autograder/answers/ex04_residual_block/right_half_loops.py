"""Right: loops over channels; `ModuleList`, pooling as a function.

language: en
points: 90
loses: {}
"""


# cell: merge_branches
def merge_branches(body, shortcut=None):
    conv, bn = body[0], body[1]
    k = conv.kernel_size[0]
    merged = nn.Conv2d(
        conv.in_channels, conv.out_channels, k, stride=conv.stride, padding=conv.padding, bias=True
    )
    weight, bias = merged.weight.data, merged.bias.data
    for o in range(conv.out_channels):
        factor = bn.weight[o].item() / (bn.running_var[o].item() + bn.eps) ** 0.5
        offset = conv.bias[o].item() if conv.bias is not None else 0.0
        weight[o] = conv.weight.data[o] * factor
        bias[o] = (offset - bn.running_mean[o].item()) * factor + bn.bias[o].item()
        if shortcut is None:
            weight[o, o, k // 2, k // 2] += 1.0
        else:
            one, norm = shortcut
            factor = norm.weight[o].item() / (norm.running_var[o].item() + norm.eps) ** 0.5
            offset = one.bias[o].item() if one.bias is not None else 0.0
            for i in range(conv.in_channels):
                weight[o, i, k // 2, k // 2] += one.weight[o, i, 0, 0].item() * factor
            bias[o] += (offset - norm.running_mean[o].item()) * factor + norm.bias[o].item()
    return merged


# cell: PooledBottleneck
class PooledBottleneck(nn.Module):
    expansion = 4

    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        out = channels * self.expansion
        self.stride = stride
        self.convs = nn.ModuleList(
            [
                nn.Conv2d(in_channels, channels, 1, bias=False),
                nn.Conv2d(channels, channels, 3, stride, 1, bias=False),
                nn.Conv2d(channels, out, 1, bias=False),
            ]
        )
        self.norms = nn.ModuleList(
            [nn.BatchNorm2d(channels), nn.BatchNorm2d(channels), nn.BatchNorm2d(out)]
        )
        if stride != 1 or in_channels != out:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out, 1, bias=False), nn.BatchNorm2d(out)
            )
        else:
            self.downsample = None

    def forward(self, x):
        y = x
        for number, (conv, norm) in enumerate(zip(self.convs, self.norms)):
            y = norm(conv(y))
            if number < 2:
                y = y.relu()
        if self.stride > 1:
            x = F.avg_pool2d(x, self.stride, self.stride, ceil_mode=True, count_include_pad=False)
        if self.downsample is not None:
            x = self.downsample(x)
        return (y + x).relu_()
