"""맞는 답: 층의 이름으로 모은 기울기, 파라미터 수를 돌려주는 작은 도우미.

language: ko
points: 90
loses: {}
"""


# cell: gradient_cosine
def gradients_by_name(loss, shared):
    named = {n: p for n, p in shared.named_parameters() if p.requires_grad}
    grads = torch.autograd.grad(loss, tuple(named.values()), retain_graph=True, allow_unused=True)
    return {n: g for n, g in zip(named, grads) if g is not None}


def gradient_cosine(losses, shared):
    domain, category = (gradients_by_name(loss, shared) for loss in losses)
    dot = sum(float((domain[n] * category[n]).sum()) for n in domain.keys() & category.keys())
    lengths = [
        torch.stack([g.norm() for g in side.values()]).norm().item() if side else 0.0
        for side in (domain, category)
    ]
    if 0.0 in lengths:
        return 0.0
    return dot / (lengths[0] * lengths[1])


# cell: equal_parameter_width
def size_of(module):
    return sum(map(torch.numel, module.parameters()))


def equal_parameter_width(build, budget):
    if size_of(build(1)) > budget:
        return 0
    low = 1
    while size_of(build(low * 2)) <= budget:
        low *= 2
    high = low * 2
    while high - low > 1:
        middle = low + (high - low) // 2
        if size_of(build(middle)) <= budget:
            low = middle
        else:
            high = middle
    return low
