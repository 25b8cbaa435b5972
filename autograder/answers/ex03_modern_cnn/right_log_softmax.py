"""Right: log-softmax and nll_loss by hand, a decorator for no_grad, mode put back by hand.

language: en
points: 90
loses: {}
student: "20260003"
"""


# cell: downsample
def downsample(in_channels, out_channels):
    block = nn.Sequential()
    block.add_module(
        "relu_of_conv", nn.Conv2d(in_channels, out_channels, 3, padding=(1, 1), stride=(2, 2))
    )
    block.append(nn.ReLU())
    return block


# cell: ModernGAPCNN
class ModernGAPCNN(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.body = nn.ModuleList(
            [nn.Conv2d(3, 64, 3, padding=1), nn.Conv2d(64, 128, 3, padding=1, stride=2)]
        )
        self.out = nn.Linear(in_features=128, out_features=num_classes)

    def forward(self, x):
        for conv in self.body:
            x = conv(x).clamp(min=0)
        return self.out(x.mean(dim=(-2, -1)))


# cell: count_parameters
def count_parameters(model):
    trainable = filter(lambda p: p.requires_grad, model.parameters())
    return sum(map(torch.Tensor.numel, trainable))


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    model.train()
    total = torch.zeros((), dtype=torch.float64)
    count = 0
    for x, y in loader:
        log_p = model(x).log_softmax(dim=1)
        loss = F.nll_loss(log_p, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(x)
        count += len(x)
    return (total / count).item()


# cell: accuracy
@torch.no_grad()
def accuracy(model, loader):
    was_training = model.training
    model.eval()
    pairs = [(model(x).argmax(1), y) for x, y in loader]
    if was_training:
        model.train()
    guesses, labels = (torch.cat(part) for part in zip(*pairs))
    return (guesses == labels).float().mean().item()
