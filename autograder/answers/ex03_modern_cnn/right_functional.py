"""Right: functional ReLU, layers defined backwards, summed losses, gradients cleared after the step.

language: ko
points: 90
loses: {}
"""


# cell: downsample
class Shrink(nn.Module):
    def __init__(self, inside, outside):
        super().__init__()
        self.conv = nn.Conv2d(inside, outside, 3, 2, 1)

    def forward(self, x):
        return F.relu(self.conv(x))


def downsample(in_channels, out_channels):
    return Shrink(in_channels, out_channels)


# cell: ModernGAPCNN
class ModernGAPCNN(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.classifier = nn.Linear(128, num_classes)
        self.second = nn.Conv2d(64, 128, 3, 2, 1)
        self.first = nn.Conv2d(3, 64, 3, 1, 1)

    def forward(self, x):
        x = F.relu(self.first(x))
        x = F.relu(self.second(x))
        x = F.adaptive_avg_pool2d(x, 1)[:, :, 0, 0]
        return self.classifier(x)


# cell: count_parameters
def count_parameters(model):
    return int(sum(torch.tensor(p.size()).prod() for p in model.parameters() if p.requires_grad))


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    total, seen = 0.0, 0
    model.train()
    for images, labels in loader:
        logits = model(images)
        summed = F.cross_entropy(logits, labels, reduction="sum")
        (summed / len(images)).backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
        total = total + summed.detach().item()
        seen = seen + len(images)
    return total / seen


# cell: accuracy
def accuracy(model, loader):
    training = model.training
    model.train(False)
    right = wrong = 0
    try:
        for images, labels in loader:
            with torch.no_grad():
                guess = torch.argmax(model(images), dim=-1)
            right += int(torch.eq(guess, labels).sum())
            wrong += int(torch.ne(guess, labels).sum())
    finally:
        model.train(training)
    return right / (right + wrong)
