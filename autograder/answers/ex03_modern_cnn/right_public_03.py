"""Right, in the manner of a well-known repository.

language: en
points: 90
loses: {}
"""

# cell: downsample
from collections import OrderedDict


def downsample(in_channels, out_channels):
    return nn.Sequential(
        OrderedDict([("conv", nn.Conv2d(in_channels, out_channels, 3, 2, 1)), ("relu", nn.ReLU())])
    )


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
def count_parameters(model):
    total_params = 0
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        total_params += parameter.numel()
    return total_params


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
@torch.inference_mode()
def accuracy(model, loader):
    mode = model.training
    model.eval()
    correct, count = 0, 0
    try:
        for x, y in loader:
            pred = model(x).argmax(dim=1, keepdim=True)
            correct += pred.eq(y.view_as(pred)).sum().item()
            count += x.shape[0]
    finally:
        model.train(mode)
    return correct / count
