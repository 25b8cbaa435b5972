"""Parameters that one loss does not reach are skipped.

language: en
points: 84
loses:
  test_gradient_cosine__unreached: "were left out. They count as zeros"
"""


# cell: gradient_cosine
def gradient_cosine(losses, shared):
    trained = [p for p in shared.parameters() if p.requires_grad]
    sides = [
        torch.autograd.grad(loss, trained, retain_graph=True, allow_unused=True) for loss in losses
    ]
    pairs = [(a.flatten(), b.flatten()) for a, b in zip(*sides) if a is not None and b is not None]
    a, b = (torch.cat(side) for side in zip(*pairs))
    lengths = a.norm().item() * b.norm().item()
    return (a @ b).item() / lengths if lengths else 0.0
