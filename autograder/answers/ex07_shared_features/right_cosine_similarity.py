"""Right: the cosine of torch.nn.functional.

language: en
points: 90
loses: {}
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
    return F.cosine_similarity(a, b, dim=0).item()
