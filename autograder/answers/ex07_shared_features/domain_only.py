"""Forgets the category.

language: en
points: 73
loses:
  test_multitask_loss: 'only the domain''s loss counts'
  test_multitask_loss__weights: 'only the domain''s loss counts'
  test_multitask_loss__gradient: 'category'
  test_multitask_loss__extremes: 'multitask_loss'
"""


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    return weights[0] * F.cross_entropy(outputs[0], targets[0])
