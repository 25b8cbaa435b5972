"""분모에 작은 수를 더해 0으로 나누기를 막는다.

language: ko
points: 86
loses:
  test_gradient_cosine__extremes: "작은 수가 코사인을 줄이지 않았나요"
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
    return (a @ b).item() / (lengths + 1e-8)
