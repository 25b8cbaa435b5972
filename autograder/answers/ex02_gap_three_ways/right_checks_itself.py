"""Each way checks its result by another one before it returns it.

language: en
points: 90
loses: {}
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    y = F.avg_pool2d(x, x.shape[2:]).flatten(1)
    assert torch.allclose(y, x.mean((2, 3)), rtol=1e-4, atol=1e-6), "two ways, two results"
    return y


# cell: gap_adaptive
class Averager:
    """Averages twice, and looks whether it comes to the same."""

    def check(self, one, other):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)

    def __call__(self, x):
        y = F.adaptive_avg_pool2d(x, 1).flatten(1)
        self.check(y, x.sum(dim=(2, 3)) / (x.shape[2] * x.shape[3]))
        return y


def gap_adaptive(x):
    return Averager()(x)


# cell: gap_mean
def gap_mean(x):
    def pooled():
        return F.adaptive_avg_pool2d(x, 1)[:, :, 0, 0]

    y = x.mean(dim=(2, 3))
    if (y - pooled()).abs().max() > 1e-4 * x.abs().max():
        raise ValueError("the mean and the pooling differ")
    return y
