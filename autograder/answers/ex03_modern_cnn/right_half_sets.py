"""Right: sets of columns instead of two ends; gradients divided before the step.

language: en
points: 90
loses: {}
"""


# cell: input_interval
def input_interval(layers, size, position):
    sizes = [size]
    for k, s, p in layers:
        sizes.append((sizes[-1] + 2 * p - k) // s + 1)
    cells = {position}
    for i in range(len(layers) - 1, -1, -1):
        k, s, p = layers[i]
        below = set()
        for cell in cells:
            for offset in range(k):
                column = cell * s - p + offset
                if 0 <= column < sizes[i]:
                    below.add(column)
        cells = below
    return min(cells), max(cells)


# cell: train_one_epoch_accumulated
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train()
    optimizer.zero_grad()
    total, count, waiting = 0.0, 0, 0

    def move():
        for parameter in model.parameters():
            if parameter.grad is not None:
                parameter.grad.div_(waiting)
        optimizer.step()
        optimizer.zero_grad()

    for number, (images, labels) in enumerate(loader):
        loss = F.cross_entropy(model(images), labels, reduction="sum")
        loss.backward()
        total += loss.item()
        count += len(labels)
        waiting += len(labels)
        if (number + 1) % accumulate == 0:
            move()
            waiting = 0
    if waiting:
        move()
    return total / count
