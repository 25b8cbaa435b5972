"""Right, in the manner of a short script.

language: en
points: 90
loses: {}
"""


# cell: downsample
def conv(ni, nf, ks=3, stride=2, act=True):
    layers = [nn.Conv2d(ni, nf, stride=stride, kernel_size=ks, padding=ks // 2)]
    if act:
        layers.append(nn.ReLU())
    return nn.Sequential(*layers)


downsample = conv


# cell: ModernGAPCNN
class ModernGAPCNN(nn.Sequential):
    def __init__(self, num_classes):
        super().__init__(
            conv(3, 64, stride=1),
            conv(64, 128),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(128, num_classes),
        )


# cell: count_parameters
from operator import methodcaller


def count_parameters(model: nn.Module) -> int:
    return sum(map(methodcaller("numel"), (p for p in model.parameters() if p.requires_grad)))


# cell: train_one_epoch
def loss_batch(model, loss_func, xb, yb, opt=None):
    loss = loss_func(model(xb), yb)
    if opt is not None:
        loss.backward()
        opt.step()
        opt.zero_grad()
    return loss.item(), len(xb)


def train_one_epoch(model, loader, optimizer):
    model.train()
    optimizer.zero_grad()
    losses, nums = zip(
        *[loss_batch(model, F.cross_entropy, xb, yb, optimizer) for xb, yb in loader]
    )
    return sum(l * n for l, n in zip(losses, nums)) / sum(nums)


# cell: accuracy
def accuracy(model, loader):
    was = model.training
    model.eval()
    with torch.no_grad():
        ok, nums = zip(
            *[((torch.max(model(xb), dim=1)[1] == yb).sum().item(), len(xb)) for xb, yb in loader]
        )
    if was:
        model.train()
    return sum(ok) / sum(nums)
