"""Right, in the manner of a colleague's review.

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
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1)
        self.conv2 = nn.Conv2d(64, 128, 3, 2, 1)
        self.fc = nn.Linear(128, num_classes)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.adaptive_avg_pool2d(x, 1).view(x.size(0), -1)
        return self.fc(x)


# cell: count_parameters
def count_parameters(model):
    trainable = filter(lambda p: p.requires_grad, model.parameters())
    return sum(map(torch.numel, trainable))


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    model.train()
    device = next(model.parameters()).device
    loss_sum, n = torch.zeros(()), 0
    for xb, yb in loader:
        xb, yb = xb.to(device), yb.to(device)
        pred = model(xb)
        loss = F.cross_entropy(pred, yb)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        loss_sum += loss.detach() * yb.size(0)
        n += yb.size(0)
    return (loss_sum / n).item()


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
