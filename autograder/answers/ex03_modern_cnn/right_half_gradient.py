"""Right: the interval is measured by a gradient; a group is one loss and one backward pass.

language: ko
points: 90
loses: {}
"""


# cell: input_interval
def input_interval(layers, size, position):
    x = torch.ones(1, 1, 1, size, dtype=torch.float64, requires_grad=True)
    y = x
    for kernel, stride, padding in layers:
        weight = torch.ones(1, 1, 1, kernel, dtype=torch.float64)
        y = F.conv2d(y, weight, stride=(1, stride), padding=(0, padding))
    y[..., position].sum().backward()
    columns = torch.nonzero(x.grad[0, 0, 0]).flatten()
    return columns[0].item(), columns[-1].item()


# cell: train_one_epoch_accumulated
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train()
    losses, sizes = [], []
    seen_loss, seen = 0.0, 0

    def update():
        nonlocal seen_loss, seen
        loss = sum(losses) / sum(sizes)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        seen_loss += float(loss.detach()) * sum(sizes)
        seen += sum(sizes)
        losses.clear()
        sizes.clear()

    for x, y in loader:
        losses.append(nn.CrossEntropyLoss(reduction="sum")(model(x), y))
        sizes.append(y.size(0))
        if len(losses) == accumulate:
            update()
    if losses:
        update()
    return seen_loss / seen
