"""Skips a task whose weight is 0, so that its logits get no gradient.

language: en
points: 86
loses:
  test_multitask_loss__gradient: "Was the task skipped"
"""


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    loss = 0.0
    for out, target, weight in zip(outputs, targets, weights):
        if weight:
            loss = loss + weight * F.cross_entropy(out, target)
    return loss
