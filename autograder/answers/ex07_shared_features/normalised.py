"""Divides by the sum of the weights.

language: en
points: 73
loses:
  test_multitask_loss: 'averaged, not added'
  test_multitask_loss__weights: 'divided by the sum'
  test_multitask_loss__gradient: 'multitask_loss'
  test_multitask_loss__extremes: 'multitask_loss'
"""


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    domain = F.cross_entropy(outputs[0], targets[0])
    category = F.cross_entropy(outputs[1], targets[1])
    return (weights[0] * domain + weights[1] * category) / (weights[0] + weights[1])
