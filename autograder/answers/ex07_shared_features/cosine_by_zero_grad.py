"""Two backward passes; zero_grad cleans up, and takes the gradients that were there.

language: en
points: 85
loses:
  test_gradient_cosine__traces: "changed a `.grad`"
"""


# cell: gradient_cosine
def gradient_cosine(losses, shared):
    vectors = []
    for loss in losses:
        shared.zero_grad()
        loss.backward(retain_graph=True)
        vectors.append(
            torch.cat(
                [
                    (torch.zeros_like(p) if p.grad is None else p.grad).flatten()
                    for p in shared.parameters()
                    if p.requires_grad
                ]
            )
        )
    shared.zero_grad()
    a, b = vectors
    lengths = a.norm().item() * b.norm().item()
    return (a @ b).item() / lengths if lengths else 0.0
