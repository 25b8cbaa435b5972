"""Changes the convolution of the body in place and returns it.

language: ko
points: 84
loses:
  test_merge_branches__originals: '바뀌었습니다'
"""


# cell: merge_branches
def merge_branches(body, shortcut=None):
    conv, norm = body
    middle = conv.kernel_size[0] // 2
    with torch.no_grad():
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        conv.weight *= scale[:, None, None, None]
        bias = (0 if conv.bias is None else conv.bias) - norm.running_mean
        conv.bias = nn.Parameter(bias * scale + norm.bias)
        if shortcut is None:
            conv.weight[:, :, middle, middle] += torch.eye(conv.in_channels)
        else:
            one, norm = shortcut
            scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            conv.weight[:, :, middle, middle] += one.weight[:, :, 0, 0] * scale[:, None]
            bias = (0 if one.bias is None else one.bias) - norm.running_mean
            conv.bias += bias * scale + norm.bias
    return conv
