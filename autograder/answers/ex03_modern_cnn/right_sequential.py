"""Right: one nn.Sequential after the other, inference mode, a list of matches.

language: en
points: 90
loses: {}
student: "20260002"
"""


# cell: downsample
def downsample(in_channels, out_channels):
    layers = [
        nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=2, padding=1),
        nn.ReLU(inplace=True),
    ]
    return nn.Sequential(*layers)


# cell: ModernGAPCNN
class ModernGAPCNN(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=(3, 3), padding="same"),
            nn.ReLU(inplace=True),
            downsample(64, 128),
            nn.AdaptiveAvgPool2d((1, 1)),
            nn.Flatten(),
            nn.Linear(128, num_classes),
        )

    def forward(self, x):
        return self.net(x)


# cell: count_parameters
def count_parameters(model):
    total = 0
    for _, parameter in model.named_parameters():
        if parameter.requires_grad:
            total += parameter.shape.numel()
    return total


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    model.train(True)
    losses = []
    for x, y in loader:
        model.zero_grad()
        criterion = nn.CrossEntropyLoss()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses += [loss.item()] * y.shape[0]
    return sum(losses) / len(losses)


# cell: accuracy
def accuracy(model, loader):
    before = model.training
    model.eval()
    hits = []
    with torch.inference_mode():
        for x, y in loader:
            hits.append(model(x).max(dim=1).indices == y)
    model.train(before)
    return torch.cat(hits).double().mean().item()
