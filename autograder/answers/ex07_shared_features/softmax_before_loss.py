"""Gives probabilities to the cross-entropy.

language: en
points: 73
loses:
  test_multitask_loss: 'softmax was applied before'
  test_multitask_loss__weights: 'softmax was applied before'
  test_multitask_loss__gradient: 'multitask_loss'
  test_multitask_loss__extremes: 'multitask_loss'
"""


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    domain = F.cross_entropy(outputs[0].softmax(1), targets[0])
    category = F.cross_entropy(outputs[1].softmax(1), targets[1])
    return weights[0] * domain + weights[1] * category
