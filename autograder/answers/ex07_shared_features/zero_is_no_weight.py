"""Takes a weight of 0 for a missing one.

language: ko
points: 85
loses:
  test_multitask_loss__weights: '가중합이 아닙니다'
"""


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    domain = F.cross_entropy(outputs[0], targets[0])
    category = F.cross_entropy(outputs[1], targets[1])
    return (weights[0] or 1.0) * domain + (weights[1] or 1.0) * category
