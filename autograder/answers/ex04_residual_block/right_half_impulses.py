"""Right: the kernel is measured by impulses, branch by branch; windows averaged in loops.

language: ko
points: 90
loses: {}
"""


# cell: merge_branches
@torch.no_grad()
def respond(branch, image):
    conv, norm = branch
    y = F.conv2d(image, conv.weight, conv.bias, padding=conv.weight.shape[-1] // 2)
    return F.batch_norm(
        y, norm.running_mean, norm.running_var, norm.weight, norm.bias, training=False, eps=norm.eps
    )


def merge_branches(body, shortcut=None):
    conv = body[0]
    k = conv.kernel_size[0]
    channels = conv.in_channels
    blank = torch.zeros(1, channels, k, k)
    impulses = torch.zeros(channels, channels, k, k)
    for c in range(channels):
        impulses[c, c, k // 2, k // 2] = 1

    def both(image):
        side = image if shortcut is None else respond(shortcut, image)
        return respond(body, image) + side

    bias = both(blank)[0, :, k // 2, k // 2]
    weight = both(impulses) - bias[None, :, None, None]  # kernel turned around
    merged = nn.Conv2d(channels, conv.out_channels, k, stride=conv.stride, padding=k // 2)
    merged.load_state_dict({"weight": weight.flip(2, 3).transpose(0, 1), "bias": bias})
    return merged


# cell: PooledBottleneck
class WindowMean(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        s, (h, w) = self.size, x.shape[2:]
        rows = [
            torch.stack([x[..., i : i + s, j : j + s].mean((2, 3)) for j in range(0, w, s)], -1)
            for i in range(0, h, s)
        ]
        return torch.stack(rows, dim=2)


def conv_bn(inside, outside, kernel, stride=1):
    conv = nn.Conv2d(inside, outside, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outside))


class PooledBottleneck(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        same = stride == 1 and in_channels == 4 * channels
        self.side = (
            nn.Identity()
            if same
            else nn.Sequential(WindowMean(stride), conv_bn(in_channels, 4 * channels, 1))
        )
        self.narrow = conv_bn(in_channels, channels, 1)
        self.work = conv_bn(channels, channels, 3, stride)
        self.widen = conv_bn(channels, 4 * channels, 1)

    def forward(self, x):
        y = self.narrow(x).relu()
        y = self.work(y).relu()
        return self.widen(y).add(self.side(x)).relu()
