"""맞는 답: NumPy로 센 코사인, 세어 둔 폭을 사전에 기억.

language: ko
points: 90
loses: {}
"""

# cell: gradient_cosine
import numpy as np


def gradient_cosine(losses, shared):
    trained = list(filter(lambda p: p.requires_grad, shared.parameters()))
    rows = []
    for loss in losses:
        grads = torch.autograd.grad(loss, trained, retain_graph=True, allow_unused=True)
        rows.append(
            np.concatenate(
                [
                    np.zeros(p.numel()) if g is None else g.detach().cpu().numpy().ravel()
                    for p, g in zip(trained, grads)
                ]
            ).astype(np.float64)
        )
    length = np.linalg.norm(rows[0]) * np.linalg.norm(rows[1])
    return float(np.dot(*rows) / length) if length > 0 else 0.0


# cell: equal_parameter_width
def equal_parameter_width(build, budget):
    counted = {0: 0}

    def count(width):
        if width not in counted:
            counted[width] = sum(p.numel() for p in build(width).parameters())
        return counted[width]

    step = 1
    while count(step) <= budget:
        step *= 4
    width = 0
    while step:
        if count(width + step) <= budget:
            width += step
        else:
            step //= 2
    return width
