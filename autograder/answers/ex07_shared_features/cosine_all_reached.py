"""닿지 않는 파라미터가 있으면 오류가 나는 autograd.grad.

language: ko
points: 84
loses:
  test_gradient_cosine__unreached: "실행 중 오류"
"""


# cell: gradient_cosine
def gradient_cosine(losses, shared):
    trained = [p for p in shared.parameters() if p.requires_grad]
    vectors = []
    for loss in losses:
        grads = torch.autograd.grad(loss, trained, retain_graph=True)
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
