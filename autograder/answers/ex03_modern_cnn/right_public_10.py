"""Right, in the manner of a training framework.

language: en
points: 90
loses: {}
"""


# cell: downsample
class ConvBlock(nn.Module):
    """Convolution and activation, as configured."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        stride: int = 1,
        activation: type[nn.Module] = nn.ReLU,
    ):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1)
        self.activation = activation(inplace=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.activation(self.conv(x))


def downsample(in_channels: int, out_channels: int) -> nn.Module:
    return ConvBlock(in_channels, out_channels, stride=2)


# cell: ModernGAPCNN
from dataclasses import dataclass


@dataclass
class Config:
    num_classes: int
    in_channels: int = 3
    widths: tuple[int, ...] = (64, 128)


class ModernGAPCNN(nn.Module):
    def __init__(self, num_classes: int):
        super().__init__()
        self.config = config = Config(num_classes)
        self.stem = ConvBlock(config.in_channels, config.widths[0])
        self.stages = nn.ModuleList(
            ConvBlock(a, b, stride=2) for a, b in zip(config.widths[:-1], config.widths[1:])
        )
        self.pool = nn.AdaptiveAvgPool2d(output_size=1)
        self.head = nn.Linear(config.widths[-1], config.num_classes)

    def forward_features(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        for stage in self.stages:
            x = stage(x)
        return x

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        features = self.forward_features(x)
        return self.head(self.pool(features).flatten(start_dim=1))


# cell: count_parameters
def count_parameters(model: nn.Module, trainable_only: bool = True) -> int:
    return sum(p.numel() for p in model.parameters() if p.requires_grad or not trainable_only)


# cell: train_one_epoch
class AverageMeter:
    """Running average of a value."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.val = self.avg = self.sum = self.count = 0

    def update(self, val, n=1):
        self.val = val
        self.sum += val * n
        self.count += n
        self.avg = self.sum / self.count


def train_one_epoch(model, loader, optimizer, criterion=None, clip=None):
    criterion = criterion or nn.CrossEntropyLoss()
    meter = AverageMeter()
    model.train()
    for step, (images, target) in enumerate(loader):
        output = model(images)
        loss = criterion(output, target)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if clip is not None:
            nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        meter.update(loss.detach().item(), images.size(0))
    return meter.avg


# cell: accuracy
def topk_correct(output, target, k=1):
    _, pred = output.topk(k, 1, True, True)
    return pred.t().eq(target.view(1, -1).expand_as(pred.t())).any(0).sum().item()


def accuracy(model, loader):
    meter, training = AverageMeter(), model.training
    model.eval()
    with torch.no_grad():
        for images, target in loader:
            meter.update(topk_correct(model(images), target) / images.size(0), images.size(0))
    model.train(training)
    return meter.avg
