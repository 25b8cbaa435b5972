"""Moves once more after the last group, with what is left in the gradients.

language: en
points: 81
loses:
  test_train_one_epoch_accumulated__updates: 'Was there one for an empty group'
"""


# cell: train_one_epoch_accumulated
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train()
    optimizer.zero_grad()
    total, count, waiting = 0.0, 0, 0

    def move():
        for p in model.parameters():
            if p.grad is not None:
                p.grad /= max(waiting, 1)
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)

    for number, (images, labels) in enumerate(loader, 1):
        loss = F.cross_entropy(model(images), labels, reduction="sum")
        loss.backward()
        total += loss.item()
        count += len(labels)
        waiting += len(labels)
        if number % accumulate == 0:
            move()
            waiting = 0
    move()
    return total / count
