"""Every parameter is asked for its gradient, frozen ones, too.

language: en
points: 84
loses:
  test_gradient_cosine__unreached: "raised an error"
"""


# cell: gradient_cosine
def gradient_cosine(losses, shared):
    trained = [p for p in shared.parameters()]
    vectors = []
    for loss in losses:
        grads = torch.autograd.grad(loss, trained, retain_graph=True, allow_unused=True)
        vectors.append(
            torch.cat(
                [
                    torch.zeros_like(p).flatten() if g is None else g.flatten()
                    for p, g in zip(trained, grads)
                ]
            )
        )
    a, b = vectors
    lengths = a.norm().item() * b.norm().item()
    return (a @ b).item() / lengths if lengths else 0.0
