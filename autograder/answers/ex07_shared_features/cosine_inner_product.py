"""The inner product, not divided by the lengths.

language: en
points: 65
loses:
  test_gradient_cosine: "the cosine of the two long vectors is"
  test_gradient_cosine__unreached: "count as zeros"
  test_gradient_cosine__traces: "in `.grad` before the call"
  test_gradient_cosine__extremes: "added to the denominator"
"""


# cell: gradient_cosine
def gradient_cosine(losses, shared):
    trained = [p for p in shared.parameters() if p.requires_grad]
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
    return (a @ b).item()
