"""Writes 1e-5 instead of the layer’s `eps`.

language: ko
points: 81
loses:
  test_merge_branches: '`eps`가 빠졌거나'
"""


# cell: merge_branches
def merge_branches(body, shortcut=None):
    conv = body[0]
    middle = conv.kernel_size[0] // 2
    merged = nn.Conv2d(
        conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding
    )

    def folded(branch):
        conv, norm = branch
        scale = norm.weight / torch.sqrt(norm.running_var + 1e-5)
        bias = 0 if conv.bias is None else conv.bias
        return conv.weight * scale[:, None, None, None], (
            bias - norm.running_mean
        ) * scale + norm.bias

    with torch.no_grad():
        weight, bias = folded(body)
        if shortcut is None:
            weight[:, :, middle, middle] += torch.eye(conv.in_channels)
        else:
            one, shift = folded(shortcut)
            weight[:, :, middle, middle] += one[:, :, 0, 0]
            bias = bias + shift
        merged.weight.copy_(weight)
        merged.bias.copy_(bias)
    return merged
