"""Right, in the manner of an answer on a forum.

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
class ModernGAPCNN(nn.Sequential):
    def __init__(self, num_classes):
        super().__init__(
            nn.Conv2d(3, 64, 3, padding="same"),
            nn.ReLU(),
            downsample(64, 128),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(128, num_classes),
        )


# cell: count_parameters
import numpy as np


def count_parameters(model):
    return int(sum(np.prod(p.size()) for p in model.parameters() if p.requires_grad))


# cell: train_one_epoch
class AverageMeter:
    def __init__(self):
        self.sum, self.count = 0.0, 0

    def update(self, val, n=1):
        self.sum += val * n
        self.count += n

    @property
    def avg(self):
        return self.sum / self.count


def train_one_epoch(model, loader, optimizer):
    losses = AverageMeter()
    model.train()
    for images, target in loader:
        output = model(images)
        loss = F.cross_entropy(output, target)
        losses.update(loss.item(), images.size(0))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
    return losses.avg


# cell: accuracy
@torch.no_grad()
def accuracy(model, loader):
    training = model.training
    model.eval()
    hits = [(model(x).argmax(-1) == y).float() for x, y in loader]
    model.train(training)
    return torch.cat(hits).mean().item()
