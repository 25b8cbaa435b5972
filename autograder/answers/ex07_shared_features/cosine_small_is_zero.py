"""아주 작은 기울기를 0으로 본다.

language: ko
points: 86
loses:
  test_gradient_cosine__extremes: "백만분의 1"
"""

# cell: gradient_cosine
def gradient_cosine(losses, shared):
    trained = [p for p in shared.parameters() if p.requires_grad]
    a, b = (
        torch.cat([
            torch.zeros_like(p).flatten() if g is None else g.flatten()
            for g, p in zip(torch.autograd.grad(
                loss, trained, retain_graph=True, allow_unused=True), trained)
        ])
        for loss in losses
    )
    squares = a.square().sum().item(), b.square().sum().item()
    if min(squares) < 1e-12:
        return 0.0
    return (a @ b).item() / (squares[0] * squares[1]) ** 0.5
