"""맞는 답: F.cosine_similarity와 float64, 큰 비트부터 정하는 폭.

language: ko
points: 90
loses: {}
"""


# cell: gradient_cosine
def one_vector(loss, shared):
    pieces = []
    for p in shared.parameters():
        if not p.requires_grad:
            continue
        (g,) = torch.autograd.grad(loss, p, retain_graph=True, allow_unused=True)
        pieces.append((torch.zeros_like(p) if g is None else g).reshape(-1))
    return torch.cat(pieces).double()


def gradient_cosine(losses, shared):
    a, b = (one_vector(loss, shared) for loss in losses)
    return F.cosine_similarity(a, b, dim=0, eps=1e-30).item()


# cell: equal_parameter_width
def equal_parameter_width(build, budget):
    width = 0
    for bit in reversed(range(20)):
        wider = width + 2**bit
        if sum(p.numel() for p in build(wider).parameters()) <= budget:
            width = wider
    return width
