"""The mean where the maximum is asked for.

language: ko
points: 82
loses:
  test_global_max_pool: "최댓값이 아니라 평균입니다"
  test_global_max_pool__gradient: "최댓값의 자리만 1이고"
"""


# cell: global_max_pool
def global_max_pool(x):
    return x.mean(dim=(2, 3))
