"""Casts the logits to float32.

language: en
points: 83
loses:
  test_multitask_loss__gradient: 'float32'
  test_multitask_loss__extremes: 'float32'
"""


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    domain = F.cross_entropy(outputs[0].float(), targets[0])
    category = F.cross_entropy(outputs[1].float(), targets[1])
    return weights[0] * domain + weights[1] * category
