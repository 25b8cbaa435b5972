"""Right: a context manager that puts everything back, shared by both maps.

language: en
points: 90
loses: {}
"""

# cell: network_cam
from contextlib import contextmanager


@contextmanager
def looking_into(network, layer, hook):
    training = {name: m.training for name, m in network.named_modules()}
    handle = network.get_submodule(layer).register_forward_hook(hook)
    network.eval()
    try:
        yield
    finally:
        handle.remove()
        for name, m in network.named_modules():
            m.training = training[name]


def network_cam(network, layer, images, class_index=None):
    found = []
    with looking_into(network, layer, lambda m, x, y: found.append(y)), torch.inference_mode():
        logits = network(images)
        chosen = logits.max(dim=1).indices if class_index is None else class_index
        *_, head = (m for m in network.modules() if isinstance(m, nn.Linear))
        weight = head.weight[chosen].reshape(-1, head.in_features, 1, 1)
        return (weight * found.pop()).sum(1).clone()


# cell: grad_cam
def grad_cam(network, layer, images, class_index):
    found = []

    def restart(m, x, y):
        found.append(y.detach().clone().requires_grad_(True))
        return found[-1]

    with looking_into(network, layer, restart):
        logits = network(images)
    mask = F.one_hot(torch.as_tensor(class_index).expand(len(images)), logits.shape[1])
    slope = torch.autograd.grad((logits * mask).sum(), found[-1])[0]
    weights = F.adaptive_avg_pool2d(slope, 1)
    with torch.no_grad():
        return (weights * found[-1]).sum(dim=1)


# cell: pointing_hits
def pointing_hits(cam, boxes, image_size):
    N, h, w = cam.shape
    cell_h, cell_w = image_size[0] / h, image_size[1] / w
    hits = []
    for i in range(N):
        index = torch.argmax(cam[i]).item()
        row, col = divmod(index, w)
        x, y = (col + 0.5) * cell_w, (row + 0.5) * cell_h
        x1, y1, x2, y2 = boxes[i]
        hits.append(bool(x1 <= x <= x2 and y1 <= y <= y2))
    return torch.tensor(hits)
