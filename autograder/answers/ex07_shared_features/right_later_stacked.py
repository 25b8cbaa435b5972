"""Right: dot products of both vectors as one matrix; a loop that ends by break.

language: en
points: 90
loses: {}
"""


# cell: gradient_cosine
def gradient_cosine(losses, shared):
    params = [p for p in shared.parameters() if p.requires_grad]
    rows = [
        torch.cat(
            [
                g.flatten()
                for g in torch.autograd.grad(
                    loss, params, retain_graph=True, allow_unused=True, materialize_grads=True
                )
            ]
        )
        for loss in losses
    ]
    both = torch.stack(rows).double()
    gram = both @ both.T
    cosine = gram[0, 1] / (gram[0, 0] * gram[1, 1]).sqrt()
    return 0.0 if cosine.isnan() else cosine.item()


# cell: equal_parameter_width
def equal_parameter_width(build, budget):
    low, high = 0, 2**20
    while True:
        middle = (low + high + 1) // 2
        if low == high:
            break
        size = 0
        for parameter in build(middle).parameters():
            size += parameter.numel()
        if size <= budget:
            low = middle
        else:
            high = middle - 1
    return low
