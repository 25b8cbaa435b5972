"""Measures impulses in the mode that the layers came in.

language: ko
points: 84
loses:
  test_merge_branches__originals: '바뀌었습니다'
"""


# cell: merge_branches
def merge_branches(body, shortcut=None):
    conv = body[0]
    k, channels = conv.kernel_size[0], conv.in_channels
    images = torch.zeros(channels + 1, channels, 2 * k - 1, 2 * k - 1)
    for c in range(channels):
        images[c, c, k - 1, k - 1] = 1
    stride = conv.stride
    with torch.no_grad():
        parts = []
        for branch in [body] if shortcut is None else [body, shortcut]:
            branch[0].stride = (1, 1)
            parts.append(branch(images))
            branch[0].stride = stride
        out = sum(parts, images if shortcut is None else 0)
        bias = out[-1, :, k - 1, k - 1]
        middle = out[:-1, :, k - 1 - k // 2 : k + k // 2, k - 1 - k // 2 : k + k // 2]
        weight = (middle - bias[None, :, None, None]).flip(2, 3).transpose(0, 1)
        merged = nn.Conv2d(channels, conv.out_channels, k, stride, k // 2)
        merged.weight.copy_(weight)
        merged.bias.copy_(bias)
    return merged
