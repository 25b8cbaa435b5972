"""Right: one image after another, in loops.

language: ko
points: 90
loses: {}
"""


# cell: network_cam
def network_cam(network, layer, images, class_index=None):
    before = [m.training for m in network.modules()]
    target = dict(network.named_modules())[layer]
    kept = {}

    def hook(module, inputs, output):
        kept["maps"] = output

    maps = []
    network.eval()
    with torch.no_grad():
        for i in range(images.shape[0]):
            h = target.register_forward_hook(hook)
            logits = network(images[i : i + 1])[0]
            h.remove()
            if class_index is None:
                k = int(logits.argmax())
            elif isinstance(class_index, int):
                k = class_index
            else:
                k = int(class_index[i])
            for m in network.modules():
                if isinstance(m, nn.Linear):
                    w = m.weight[k]
            one = 0
            for c in range(w.shape[0]):
                one = one + w[c] * kept["maps"][0, c]
            maps.append(one)
    for m, t in zip(network.modules(), before):
        m.training = t
    return torch.stack(maps)


# cell: grad_cam
def grad_cam(network, layer, images, class_index):
    before = [m.training for m in network.modules()]
    network.eval()
    maps = []
    for i in range(images.shape[0]):
        kept = {}

        def hook(module, inputs, output):
            kept["maps"] = output if output.requires_grad else output.requires_grad_()

        h = dict(network.named_modules())[layer].register_forward_hook(hook)
        with torch.enable_grad():
            logits = network(images[i : i + 1])[0]
        h.remove()
        k = class_index if isinstance(class_index, int) else class_index[i]
        g = torch.autograd.grad(logits[k], kept["maps"])[0][0]
        maps.append((g.mean(dim=(1, 2), keepdim=True) * kept["maps"][0]).sum(dim=0).detach())
    for m, t in zip(network.modules(), before):
        m.training = t
    return torch.stack(maps)


# cell: pointing_hits
def pointing_hits(cam, boxes, image_size):
    answer = torch.zeros(len(cam), dtype=torch.bool)
    for i in range(len(cam)):
        places = (cam[i] == cam[i].max()).nonzero()
        row, col = places[0].tolist()
        x = image_size[1] / cam.shape[2] * (col + 0.5)
        y = image_size[0] / cam.shape[1] * (row + 0.5)
        left, top, right, bottom = boxes[i].tolist()
        answer[i] = left <= x and x <= right and top <= y and y <= bottom
    return answer
