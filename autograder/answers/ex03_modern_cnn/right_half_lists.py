"""Right: helper functions, `torch.autograd.grad`, an index of the last batch by `len(loader)`.

language: ko
points: 90
loses: {}
"""


# cell: input_interval
def widths_of(layers, size):
    widths = [size]
    for kernel, stride, padding in layers:
        widths.append(out_size(widths[-1], kernel, stride, padding))
    return widths


def one_layer_back(first, last, layer, width):
    kernel, stride, padding = layer
    first = first * stride - padding
    last = last * stride - padding + kernel - 1
    return max(0, first), min(width - 1, last)


def input_interval(layers, size, position):
    widths = widths_of(layers, size)
    first, last = position, position
    for number in reversed(range(len(layers))):
        first, last = one_layer_back(first, last, layers[number], widths[number])
    return first, last


# cell: train_one_epoch_accumulated
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train()
    parameters = [p for p in model.parameters() if p.requires_grad]
    collected = [torch.zeros_like(p) for p in parameters]
    total = torch.zeros((), dtype=torch.float64)
    count = group = 0
    for number, (images, labels) in enumerate(loader):
        loss = F.nll_loss(F.log_softmax(model(images), dim=1), labels, reduction="sum")
        for kept, new in zip(collected, torch.autograd.grad(loss, parameters)):
            kept += new
        total += loss.detach()
        count += len(images)
        group += len(images)
        if (number + 1) % accumulate == 0 or number + 1 == len(loader):
            for p, kept in zip(parameters, collected):
                p.grad = kept / group
            optimizer.step()
            collected = [torch.zeros_like(p) for p in parameters]
            group = 0
    optimizer.zero_grad()
    return (total / count).item()
