"""Right, in the manner of a library's source.

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
def count_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


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
