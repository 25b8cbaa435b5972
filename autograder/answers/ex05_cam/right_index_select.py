"""Right: bmm and index_select, the class index made one form first.

language: en
points: 90
loses: {}
"""


# cell: network_cam
def network_cam(network, layer, images, class_index=None):
    modes = {m: m.training for m in network.modules()}
    [m.train(False) for m in network.modules()]
    store = [None]

    def remember(module, args, output):
        store[0] = output

    handle = network.get_submodule(layer).register_forward_hook(remember)
    with torch.no_grad():
        scores = network(images)
    handle.remove()
    for m, mode in modes.items():
        m.training = mode
    match class_index:
        case None:
            class_index = scores.argmax(1)
        case int():
            class_index = torch.tensor([class_index] * len(images))
    weights = [m.weight for m in modes if isinstance(m, nn.Linear)][-1].detach()
    n, c, h, w = store[0].shape
    return torch.bmm(
        weights.index_select(0, class_index)[:, None], store[0].reshape(n, c, h * w)
    ).view(n, h, w)


# cell: grad_cam
def grad_cam(network, layer, images, class_index):
    modes = {m: m.training for m in network.modules()}
    [m.train(False) for m in network.modules()]
    store = [None]

    def remember(module, args, output):
        store[0] = output.clone().detach()
        store[0].requires_grad = True
        return store[0]

    handle = network.get_submodule(layer).register_forward_hook(remember)
    scores = network(images)
    handle.remove()
    for m, mode in modes.items():
        m.training = mode
    if isinstance(class_index, int):
        class_index = torch.tensor([class_index] * len(images))
    picked = scores[torch.arange(len(images)), class_index]
    (slope,) = torch.autograd.grad(
        outputs=picked, inputs=store[0], grad_outputs=torch.ones_like(picked)
    )
    n, c, h, w = slope.shape
    return torch.bmm(
        slope.reshape(n, c, h * w).mean(2)[:, None], store[0].detach().reshape(n, c, h * w)
    ).view(n, h, w)


# cell: pointing_hits
def pointing_hits(cam, boxes, image_size):
    n, h, w = cam.shape
    ys = (torch.arange(h) + 0.5) * image_size[0] / h
    xs = (torch.arange(w) + 0.5) * image_size[1] / w
    ys, xs = torch.meshgrid(ys, xs, indexing="ij")
    best = cam.flatten(1).argmax(1)
    x, y = xs.flatten()[best], ys.flatten()[best]
    outside = (x < boxes[:, 0]) | (x > boxes[:, 2]) | (y < boxes[:, 1]) | (y > boxes[:, 3])
    return ~outside
