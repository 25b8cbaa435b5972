"""Swaps the two weights.

language: ko
points: 85
loses:
  test_multitask_loss__weights: '두 가중치가 서로 바뀌었습니다'
student: "20260008"
"""


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    domain = F.cross_entropy(outputs[0], targets[0])
    category = F.cross_entropy(outputs[1], targets[1])
    return weights[1] * domain + weights[0] * category
