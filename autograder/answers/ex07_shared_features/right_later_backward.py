"""Right: two backward passes, the .grad of shared alone filled, and put back as it was; a search that calls itself.

language: en
points: 90
loses: {}
"""


# cell: gradient_cosine
def gradient_cosine(losses, shared):
    params = [p for p in shared.parameters() if p.requires_grad]
    kept = [p.grad for p in params]
    found = []
    for loss in losses:
        for p in params:
            p.grad = None
        loss.backward(retain_graph=True, inputs=params)
        found.append([p.grad if p.grad is not None else torch.zeros_like(p) for p in params])
    for p, grad in zip(params, kept):
        p.grad = grad
    first, second = (torch.nn.utils.parameters_to_vector(each) for each in found)
    first, second = (each / each.norm() if each.any() else each for each in (first, second))
    return float(first @ second)


# cell: equal_parameter_width
def equal_parameter_width(build, budget, low=0, high=1_000_001):
    if high - low == 1:
        return low
    middle = (low + high) // 2
    if sum(p.numel() for p in build(middle).parameters()) > budget:
        return equal_parameter_width(build, budget, low, middle)
    return equal_parameter_width(build, budget, middle, high)
