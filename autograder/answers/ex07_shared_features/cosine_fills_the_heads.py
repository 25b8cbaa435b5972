"""Saves and restores the gradients of the shared module alone; backward fills the heads'.

language: en
points: 85
loses:
  test_gradient_cosine__traces: "outside `shared`"
"""

# cell: gradient_cosine
def gradient_cosine(losses, shared):
    trained = [p for p in shared.parameters() if p.requires_grad]
    saved = [None if p.grad is None else p.grad.clone() for p in trained]
    vectors = []
    for loss in losses:
        for p in trained:
            p.grad = None
        loss.backward(retain_graph=True)
        vectors.append(torch.cat([
            (torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in trained
        ]))
    for p, grad in zip(trained, saved):
        p.grad = grad
    a, b = vectors
    return (a @ b / (a.norm() * b.norm())).item() if a.any() and b.any() else 0.0
