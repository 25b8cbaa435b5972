"""Right: which columns reach which units, as a table of booleans; a running weighted mean in `.grad`.

language: en
points: 90
loses: {}
"""


# cell: input_interval
def input_interval(layers, size, position):
    sees = torch.eye(size, dtype=torch.bool)  # one row per unit: the columns it depends on
    for kernel, stride, padding in layers:
        edge = torch.zeros(padding, size, dtype=torch.bool)
        padded = torch.cat([edge, sees, edge])
        starts = range(0, len(padded) - kernel + 1, stride)
        sees = torch.stack([padded[start : start + kernel].any(dim=0) for start in starts])
    columns = [column for column in range(size) if sees[position, column]]
    return columns[0], columns[-1]


# cell: train_one_epoch_accumulated
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train(True)
    loss_sum, samples, in_group, batches = 0.0, 0, 0, 0
    for images, labels in loader:
        if batches == 0:
            optimizer.zero_grad(set_to_none=True)
            in_group = 0
        n = len(labels)
        for group in optimizer.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.grad *= in_group / (in_group + n)
        in_group += n
        loss = F.cross_entropy(model(images), labels)
        (loss * n / in_group).backward()
        loss_sum += loss.item() * n
        samples += n
        batches += 1
        if batches == accumulate:
            optimizer.step()
            batches = 0
    if batches > 0:
        optimizer.step()
    return loss_sum / samples
