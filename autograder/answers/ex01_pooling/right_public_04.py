"""Right, in the manner of a blog post.

language: ko
points: 90
loses: {}
"""


# cell: output_size
def output_size(n, kernel, stride, padding=0):
    count, start = 0, -padding
    while start + kernel <= n + padding:
        count += 1
        start += stride
    return count


# cell: max_pool2d
def max_pool2d(x, kernel, stride):
    h = (x.shape[-2] - kernel) // stride + 1
    w = (x.shape[-1] - kernel) // stride + 1
    result = None
    for p in range(kernel):
        for q in range(kernel):
            shifted = x[
                ..., p : p + stride * (h - 1) + 1 : stride, q : q + stride * (w - 1) + 1 : stride
            ]
            result = shifted if result is None else torch.maximum(result, shifted)
    return result


# cell: avg_pool2d
def avg_pool2d(x, kernel, stride):
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride).mean(dim=[-1, -2])


# cell: max_pool2d_grad
def max_pool2d_grad(x, grad_out, kernel, stride):
    n, c, h, w = x.shape
    cols = F.unfold(x.reshape(n * c, 1, h, w), kernel, stride=stride)
    one_hot = F.one_hot(cols.argmax(1), kernel * kernel).transpose(1, 2).to(x.dtype)
    back = one_hot * grad_out.reshape(n * c, 1, -1)
    return F.fold(back, (h, w), kernel, stride=stride).reshape(n, c, h, w)
