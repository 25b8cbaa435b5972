"""Right: the CAM is Grad-CAM times the number of places; slow, but the same.

language: en
points: 90
loses: {}
"""


# cell: network_cam
def network_cam(network, layer, images, class_index=None):
    training = [m for m in network.modules() if m.training]
    network.eval()
    places = {}

    def start(module, args, output):
        places["maps"] = output.detach().requires_grad_()
        return places["maps"]

    hook = network.get_submodule(layer).register_forward_hook(start)
    logits = network(images)
    hook.remove()
    for m in training:
        m.training = True
    if class_index is None:
        class_index = logits.argmax(dim=1)
    scores = logits[range(len(images)), class_index]
    slope = torch.autograd.grad(scores.sum(), places["maps"])[0]
    height, width = slope.shape[2:]
    return (slope * places["maps"]).sum(1).detach() * height * width


# cell: grad_cam
def grad_cam(network, layer, images, class_index):
    training = [m for m in network.modules() if m.training]
    network.eval()
    seen = []
    handle = network.get_submodule(layer).register_forward_hook(lambda m, a, out: seen.append(out))
    x = images.clone()
    x.requires_grad = True
    logits = network(x)
    handle.remove()
    for m in training:
        m.training = True
    total = sum(
        logits[i, k]
        for i, k in enumerate(
            torch.full((len(x),), class_index) if isinstance(class_index, int) else class_index
        )
    )
    grads = torch.autograd.grad(total, seen[-1])[0]
    return (grads.flatten(2).mean(2)[:, :, None, None] * seen[-1]).sum(1)


# cell: pointing_hits
def pointing_hits(cam, boxes, image_size):
    H, W = image_size
    value, col = cam.max(dim=2)  # (N, h)
    row = value.argmax(dim=1)  # (N,)
    col = col.gather(1, row[:, None])[:, 0]
    x, y = (col + 0.5) / cam.shape[2] * W, (row + 0.5) / cam.shape[1] * H
    inside_x = torch.logical_and(x >= boxes[:, 0], x <= boxes[:, 2])
    inside_y = torch.logical_and(y >= boxes[:, 1], y <= boxes[:, 3])
    return torch.logical_and(inside_x, inside_y)
