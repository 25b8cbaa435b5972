"""The wanted way only checks what another one has made.

language: ko
points: 81
loses:
  test_gap_avg_pool__route: "avg_pool2d`의 결과에서 나와야"
  test_gap_adaptive__route: "should get its answer from the result of `adaptive_avg_pool2d`"
  test_gap_mean__route: "Does a pooling function make it?"
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    y = x.mean(dim=(2, 3))
    assert torch.allclose(y, F.avg_pool2d(x, x.shape[2:]).flatten(1), rtol=1e-4, atol=1e-6)
    return y


# cell: gap_adaptive
def gap_adaptive(x):
    y = x.mean(dim=(2, 3))
    torch.testing.assert_close(y, F.adaptive_avg_pool2d(x, 1).flatten(1), rtol=1e-4, atol=1e-6)
    return y


# cell: gap_mean
def gap_mean(x):
    y = F.avg_pool2d(x, x.shape[2:]).flatten(1)
    if not torch.allclose(y, x.mean(dim=(2, 3)), rtol=1e-4, atol=1e-6):
        raise ValueError("the pooling and the mean differ")
    return y
