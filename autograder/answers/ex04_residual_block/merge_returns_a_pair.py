"""Returns weight and bias instead of a layer.

language: en
points: 66
loses:
  test_merge_branches: 'should return an `nn.Conv2d`'
  test_merge_branches__projection: 'should return an `nn.Conv2d`'
  test_merge_branches__originals: 'should return an `nn.Conv2d`'
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
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
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
    return merged.weight, merged.bias
