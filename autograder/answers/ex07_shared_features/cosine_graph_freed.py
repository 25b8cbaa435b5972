"""The second gradient frees the graph.

language: en
points: 85
loses:
  test_gradient_cosine__traces: "fails. Keep the graph"
"""


# cell: gradient_cosine
def gradient_cosine(losses, shared):
    trained = [p for p in shared.parameters() if p.requires_grad]
    vectors = []
    for keep, loss in zip((True, False), losses):
        grads = torch.autograd.grad(loss, trained, retain_graph=keep, allow_unused=True)
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
