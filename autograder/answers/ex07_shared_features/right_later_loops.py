"""Right: products added up parameter by parameter, and the library's bisection.

language: en
points: 90
loses: {}
"""


# cell: gradient_cosine
def gradient_cosine(losses, shared):
    params = [p for p in shared.parameters() if p.requires_grad]
    domain, category = [
        torch.autograd.grad(loss, params, retain_graph=True, materialize_grads=True)
        for loss in losses
    ]
    dot = sum((a * b).sum().item() for a, b in zip(domain, category))
    one = sum((a * a).sum().item() for a in domain) ** 0.5
    two = sum((b * b).sum().item() for b in category) ** 0.5
    if one == 0 or two == 0:
        return 0.0
    return dot / one / two


# cell: equal_parameter_width
import bisect


def equal_parameter_width(build, budget):
    def parameters(width):
        return sum(p.numel() for p in build(width).parameters())

    return bisect.bisect_right(range(1, 1_000_001), budget, key=parameters)
