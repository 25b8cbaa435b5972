"""Right: works on a copy of the network, on which hooks and gradients may stay.

language: en
points: 90
loses: {}
"""

# cell: network_cam
import copy


def network_cam(network, layer, images, class_index=None):
    twin = copy.deepcopy(network).eval()
    caught = {}
    twin.get_submodule(layer).register_forward_hook(lambda m, i, o: caught.update(maps=o.detach()))
    logits = twin(images)
    if class_index is None:
        class_index = logits.argmax(1)
    linear = None
    for m in twin.modules():
        if isinstance(m, nn.Linear):
            linear = m
    w = linear.weight[class_index].detach()
    if w.dim() == 1:
        w = w.expand(len(images), -1)
    return torch.einsum("nc,nchw->nhw", w, caught["maps"])


# cell: grad_cam
def grad_cam(network, layer, images, class_index):
    import copy as copying

    twin = copying.deepcopy(network).eval()
    caught = {}

    def keep(m, i, o):
        caught["maps"] = o
        o.retain_grad()

    twin.get_submodule(layer).register_forward_hook(keep)
    logits = twin(images.detach().clone().requires_grad_())
    index = torch.as_tensor(class_index).expand(len(images))
    logits.gather(1, index[:, None]).sum().backward()
    maps = caught["maps"]
    alpha = maps.grad.mean((2, 3))
    return torch.einsum("nc,nchw->nhw", alpha, maps.detach())


# cell: pointing_hits
def pointing_hits(cam, boxes, image_size):
    n, h, w = cam.shape
    rows, columns = torch.unravel_index(cam.reshape(n, -1).argmax(1), (h, w))
    y = (2 * rows + 1) * image_size[0] / (2 * h)
    x = (2 * columns + 1) * image_size[1] / (2 * w)
    point = torch.stack([x, y], dim=1)
    return ((boxes[:, :2] <= point) & (point <= boxes[:, 2:])).all(dim=1)
