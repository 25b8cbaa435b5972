"""Right, in the manner of lecture notes.

language: en
points: 90
loses: {}
"""


# cell: downsample
def downsample(in_channels, out_channels):
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=2, padding=1),
        nn.ReLU(inplace=True),
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
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


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
def accuracy(model, loader):
    was_training = model.training
    model.eval()
    correct = 0
    total = 0
    with torch.no_grad():
        for data in loader:
            images, labels = data
            outputs = model(images)
            _, predicted = torch.max(outputs.data, 1)
            total += labels.size(0)
            correct += (predicted == labels).sum().item()
    model.train(was_training)
    return correct / total
