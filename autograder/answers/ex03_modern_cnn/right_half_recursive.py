"""Right: recursive interval; batches are collected in a list of groups first.

language: en
points: 90
loses: {}
"""


# cell: input_interval
def input_interval(layers, size, position):
    if len(layers) == 0:
        return (position, position)
    (kernel, stride, padding), rest = layers[0], layers[1:]
    width = (size + 2 * padding - kernel) // stride + 1
    a, b = input_interval(rest, width, position)
    left = a * stride - padding
    right = b * stride - padding + (kernel - 1)
    if left < 0:
        left = 0
    if right > size - 1:
        right = size - 1
    return (left, right)


# cell: train_one_epoch_accumulated
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train()
    batches = list(loader)
    groups = [batches[i : i + accumulate] for i in range(0, len(batches), accumulate)]
    running, n = 0.0, 0
    for group in groups:
        optimizer.zero_grad()
        group_size = sum(x.shape[0] for x, _ in group)
        for x, y in group:
            mean = F.cross_entropy(model(x), y)
            share = x.shape[0] / group_size
            (mean * share).backward()
            running += mean.item() * x.shape[0]
            n += x.shape[0]
        optimizer.step()
    return running / n
