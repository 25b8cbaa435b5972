"""Right, in the manner of a paper's code.

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
    total_params = 0
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        total_params += parameter.numel()
    return total_params


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
