"""Right, in the manner of a student who likes loops.

language: ko
points: 90
loses: {}
"""


# cell: downsample
class Shrink(nn.Conv2d):
    def forward(self, x):
        return F.relu(super().forward(x))


def downsample(in_channels, out_channels):
    return Shrink(in_channels, out_channels, 3, stride=2, padding=1)


# cell: ModernGAPCNN
class ModernGAPCNN(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.head = nn.Linear(128, num_classes)
        self.blocks = nn.ModuleList(
            [nn.Conv2d(3, 64, 3, padding=1), nn.Conv2d(64, 128, 3, padding=1, stride=2)]
        )

    def forward(self, x):
        for conv in self.blocks:
            x = conv(x).clamp(min=0)
        return self.head(x.mean([2, 3]))


# cell: count_parameters
def count_parameters(model):
    trainable = filter(lambda p: p.requires_grad, model.parameters())
    return sum(map(torch.numel, trainable))


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    model.train(True)
    history = []
    for X, y in loader:
        optimizer.zero_grad()
        with torch.set_grad_enabled(True):
            loss = F.cross_entropy(model(X), y, reduction="none")
            loss.mean().backward()
            optimizer.step()
        history.extend(loss.tolist())
    return sum(history) / len(history)


# cell: accuracy
from contextlib import contextmanager


@contextmanager
def evaluating(model):
    before = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield model
    finally:
        model.train(before)


def accuracy(model, loader):
    predictions, truth = [], []
    with evaluating(model):
        for images, labels in loader:
            predictions.append(model(images).topk(1, dim=1).indices.squeeze(1))
            truth.append(labels)
    predictions, truth = torch.cat(predictions), torch.cat(truth)
    return float((predictions == truth).sum()) / len(truth)
