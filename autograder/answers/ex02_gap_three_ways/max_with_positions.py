"""`max(dim)` returns values and positions; both are handed back.

language: en
points: 82
loses:
  test_global_max_pool: "Some functions return values and positions"
  test_global_max_pool__gradient: "global_max_pool"
"""


# cell: global_max_pool
def global_max_pool(x):
    return x.flatten(2).max(dim=2)
