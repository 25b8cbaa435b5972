"""Takes exp and log on their own.

language: ko
points: 87
loses:
  test_multitask_loss__extremes: 'multitask_loss'
student: "20260010"
"""


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    losses = []
    for logits, labels in zip(outputs, targets):
        p = logits.exp() / logits.exp().sum(dim=1, keepdim=True)
        losses.append(-p[torch.arange(len(labels)), labels].log().mean())
    return weights[0] * losses[0] + weights[1] * losses[1]
