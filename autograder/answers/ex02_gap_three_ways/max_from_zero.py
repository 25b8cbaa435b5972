"""The maximum is searched from 0: wrong for negative channels.

language: en
points: 82
loses:
  test_global_max_pool: "Did the search for the maximum start at 0?"
  test_global_max_pool__gradient: "global_max_pool"
"""


# cell: global_max_pool
def global_max_pool(x):
    best = torch.zeros(x.shape[:2], dtype=x.dtype)
    for i in range(x.shape[2]):
        for j in range(x.shape[3]):
            best = torch.maximum(best, x[:, :, i, j])
    return best
