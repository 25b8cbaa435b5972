"""파이썬 float가 아니라 텐서.

language: ko
points: 65
loses:
  test_gradient_cosine: "파이썬 `float`"
  test_gradient_cosine__unreached: "파이썬 `float`"
  test_gradient_cosine__traces: "타입이 float 대신 torch.Tensor"
  test_gradient_cosine__extremes: "파이썬 `float`"
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
    return F.cosine_similarity(a, b, dim=0)
