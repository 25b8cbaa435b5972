"""Right, in the manner of a textbook.

language: ko
points: 90
loses: {}
"""


# cell: downsample
class Downsample(nn.Module):
    def __init__(self, in_channels, out_channels):
        super(Downsample, self).__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, (3, 3), (2, 2), (1, 1), bias=True)
        self.act = nn.ReLU()

    def forward(self, x):
        return self.act(self.conv(x))


def downsample(in_channels, out_channels):
    return Downsample(in_channels, out_channels)


# cell: ModernGAPCNN
class ModernGAPCNN(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 3, padding=1)
        self.down = nn.Conv2d(64, 128, 3, stride=2, padding=1)
        self.out = nn.Linear(128, num_classes)
        for layer in (self.stem, self.down):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")

    def forward(self, x):
        x = torch.relu(self.stem(x))
        x = torch.relu(self.down(x))
        return self.out(F.avg_pool2d(x, x.shape[2:]).flatten(1))


# cell: count_parameters
import numpy as np


def count_parameters(model):
    return int(sum(np.prod(p.size()) for p in model.parameters() if p.requires_grad))


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    model.train()
    losses = []
    for images, labels in loader:
        logits = model(images)
        loss = F.nll_loss(F.log_softmax(logits, dim=1), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses += [loss.item()] * len(images)
    return float(torch.tensor(losses, dtype=torch.float64).mean())


# cell: accuracy
@torch.no_grad()
def accuracy(model, loader):
    training = model.training
    model.eval()
    hits = [(model(x).argmax(-1) == y).float() for x, y in loader]
    model.train(training)
    return torch.cat(hits).mean().item()
