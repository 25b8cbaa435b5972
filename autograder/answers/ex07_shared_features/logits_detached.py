"""Cuts the gradient of the domain's logits.

language: en
points: 86
loses:
  test_multitask_loss__gradient: 'domain logits'
"""


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    domain = F.cross_entropy(outputs[0].detach(), targets[0])
    category = F.cross_entropy(outputs[1], targets[1])
    return weights[0] * domain + weights[1] * category
