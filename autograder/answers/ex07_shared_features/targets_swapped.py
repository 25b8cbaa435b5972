"""Gives each task the other one's labels.

language: ko
points: 73
loses:
  test_multitask_loss: 'multitask_loss'
  test_multitask_loss__weights: 'multitask_loss'
  test_multitask_loss__gradient: 'multitask_loss'
  test_multitask_loss__extremes: 'multitask_loss'
"""


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    domain = F.cross_entropy(outputs[0], targets[1])
    category = F.cross_entropy(outputs[1], targets[0])
    return weights[0] * domain + weights[1] * category
