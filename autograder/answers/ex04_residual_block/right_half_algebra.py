"""Right: everything with `einsum` and float64 in between; a subclass of `nn.Sequential` for the body.

language: ko
points: 90
loses: {}
"""


# cell: merge_branches
def scale_and_shift(norm):
    var, mean = norm.running_var.double(), norm.running_mean.double()
    a = norm.weight.detach().double() * (var + norm.eps).rsqrt()
    return a, norm.bias.detach().double() - a * mean


def merge_branches(body, shortcut=None):
    conv, norm = body
    a, b = scale_and_shift(norm)
    weight = torch.einsum("o,oihw->oihw", a, conv.weight.detach().double())
    bias = b if conv.bias is None else b + a * conv.bias.detach().double()
    c = conv.kernel_size[0] // 2
    if shortcut is None:
        weight[range(len(weight)), range(len(weight)), c, c] += 1
    else:
        one, norm = shortcut
        a, b = scale_and_shift(norm)
        weight[..., c, c] += torch.einsum("o,oi->oi", a, one.weight.detach().double().flatten(1))
        bias = bias + (b if one.bias is None else b + a * one.bias.detach().double())
    merged = nn.Conv2d(*conv.weight.shape[1::-1], conv.kernel_size, conv.stride, conv.padding)
    merged.weight = nn.Parameter(weight.float())
    merged.bias = nn.Parameter(bias.float())
    return merged


# cell: PooledBottleneck
class Body(nn.Sequential):
    def __init__(self, inside, middle, outside, stride):
        super().__init__(
            nn.Conv2d(inside, middle, (1, 1), bias=False),
            nn.BatchNorm2d(middle),
            nn.ReLU(inplace=True),
            nn.Conv2d(middle, middle, (3, 3), (stride, stride), (1, 1), bias=False),
            nn.BatchNorm2d(middle),
            nn.ReLU(inplace=True),
            nn.Conv2d(middle, outside, (1, 1), bias=False),
            nn.BatchNorm2d(outside),
        )


class PooledBottleneck(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        outside = 4 * channels
        self.body = Body(in_channels, channels, outside, stride)
        layers = []
        if stride > 1:
            layers += [
                nn.AvgPool2d(
                    kernel_size=stride, stride=stride, ceil_mode=True, count_include_pad=False
                )
            ]
        if stride > 1 or in_channels != outside:
            layers += [nn.Conv2d(in_channels, outside, 1, bias=False), nn.BatchNorm2d(outside)]
        self.shortcut = nn.Sequential(*layers) if layers else nn.Identity()
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.shortcut(x) + self.body(x))
