"""Returns a Python number.

language: ko
points: 73
loses:
  test_multitask_loss: '텐서여야 하는데'
  test_multitask_loss__weights: '텐서여야 하는데'
  test_multitask_loss__gradient: '기울기가 흐르지 않습니다'
  test_multitask_loss__extremes: '텐서여야 하는데'
student: "20260009"
"""


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    domain = F.cross_entropy(outputs[0], targets[0]).item()
    category = F.cross_entropy(outputs[1], targets[1]).item()
    return weights[0] * domain + weights[1] * category
