"""Right: plain loops over windows, the largest value found one by one.

language: en
points: 90
loses: {}
student: "20260001"
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    count, start = 0, -padding
    while start + kernel <= n + padding:
        count, start = count + 1, start + stride
    return count


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    h, w = output_size(x.shape[2], kernel, stride), output_size(x.shape[3], kernel, stride)
    y = torch.empty(*x.shape[:2], h, w, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            y[:, :, i, j] = window.max(dim=3).values.max(dim=2).values
    return y


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    h, w = output_size(x.shape[2], kernel, stride), output_size(x.shape[3], kernel, stride)
    y = torch.empty(*x.shape[:2], h, w, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            window = x[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            y[:, :, i, j] = window.sum(dim=(2, 3)) / kernel**2
    return y


# cell: max_pool2d_grad
def max_pool2d_grad(x, grad_out, kernel, stride):
    grad = torch.zeros(x.shape, dtype=x.dtype)
    n, c, h, w = grad_out.shape
    for image in range(n):
        for channel in range(c):
            for i in range(h):
                for j in range(w):
                    best, place = None, None
                    for row in range(i * stride, i * stride + kernel):
                        for col in range(j * stride, j * stride + kernel):
                            value = x[image, channel, row, col].item()
                            if best is None or value > best:
                                best, place = value, (row, col)
                    grad[image, channel, place[0], place[1]] += grad_out[image, channel, i, j]
    return grad
