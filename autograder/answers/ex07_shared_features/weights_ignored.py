"""Ignores the weights.

language: en
points: 85
loses:
  test_multitask_loss__weights: 'the weights are not applied'
"""


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    domain = F.cross_entropy(outputs[0], targets[0])
    category = F.cross_entropy(outputs[1], targets[1])
    return domain + category
