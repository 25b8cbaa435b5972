"""Sums over the samples.

language: ko
points: 76
loses:
  test_multitask_loss: '평균 내지 않고 더했습니다'
  test_multitask_loss__weights: '평균 내지 않고 더했습니다'
  test_multitask_loss__gradient: 'multitask_loss'
"""


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    domain = F.cross_entropy(outputs[0], targets[0], reduction="sum")
    category = F.cross_entropy(outputs[1], targets[1], reduction="sum")
    return weights[0] * domain + weights[1] * category
