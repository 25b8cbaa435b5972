"""Right: an object as the hook, the mode put back by apply, NumPy for the points.

language: ko
points: 90
loses: {}
"""


# cell: network_cam
class Catcher:
    def __init__(self, network, layer):
        self.handle = network.get_submodule(layer).register_forward_hook(self)
        self.output = None

    def __call__(self, module, args, output):
        self.output = output.detach()


@torch.no_grad()
def network_cam(network, layer, images, class_index=None):
    catcher = Catcher(network, layer)
    awake = {id(m) for m in network.modules() if m.training}
    logits = network.eval()(images)
    network.apply(lambda m: setattr(m, "training", id(m) in awake))
    catcher.handle.remove()
    if class_index is None:
        class_index = torch.argmax(logits, -1)
    head = [m for _, m in network.named_modules() if type(m) is nn.Linear][-1]
    maps = catcher.output
    every = F.conv2d(maps, head.weight[..., None, None])  # (N, K, h, w)
    return every[torch.arange(len(maps)), class_index]


# cell: grad_cam
def grad_cam(network, layer, images, class_index):
    awake = {id(m) for m in network.modules() if m.training}
    network.eval()
    part = network.get_submodule(layer)
    state = {}

    def forward_hook(module, args, output):
        state["maps"] = output.detach().requires_grad_()
        state["maps"].register_hook(lambda g: state.update(slope=g))
        return state["maps"]

    handle = part.register_forward_hook(forward_hook)
    flags = [p.requires_grad for p in network.parameters()]
    for p in network.parameters():
        p.requires_grad = False  # so that backward leaves nothing on them
    logits = network(images)
    for p, flag in zip(network.parameters(), flags):
        p.requires_grad = flag
    handle.remove()
    network.apply(lambda m: setattr(m, "training", id(m) in awake))
    chosen = torch.zeros_like(logits)
    chosen[torch.arange(len(logits)), class_index] = 1
    logits.backward(chosen)
    return (state["slope"].mean((2, 3), True) * state["maps"].detach()).sum(1)


# cell: pointing_hits
import numpy as np


def pointing_hits(cam, boxes, image_size):
    maps, corners = cam.detach().numpy(), boxes.numpy()
    n, h, w = maps.shape
    rows, cols = np.unravel_index(maps.reshape(n, -1).argmax(1), (h, w))
    x, y = (cols + 0.5) * image_size[1] / w, (rows + 0.5) * image_size[0] / h
    inside = (
        (corners[:, 0] <= x) & (x <= corners[:, 2]) & (corners[:, 1] <= y) & (y <= corners[:, 3])
    )
    return torch.from_numpy(inside)
