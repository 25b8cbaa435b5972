"""Joins the batches of a group into one.

language: en
points: 83
loses:
  test_train_one_epoch_accumulated: 'called the model 2 times for 3 batches'
"""


# cell: train_one_epoch_accumulated
def train_one_epoch_accumulated(model, loader, optimizer, accumulate):
    model.train()
    batches = list(loader)
    total, count = 0.0, 0
    for start in range(0, len(batches), accumulate):
        group = batches[start : start + accumulate]
        images = torch.cat([x for x, _ in group])
        labels = torch.cat([y for _, y in group])
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
