"""Right, in the manner of a tutorial.

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
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1)
        self.conv2 = nn.Conv2d(64, 128, 3, 2, 1)
        self.fc = nn.Linear(128, num_classes)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.adaptive_avg_pool2d(x, 1).view(x.size(0), -1)
        return self.fc(x)


# cell: count_parameters
def count_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    model.train()
    device = next(model.parameters()).device
    loss_sum, n = torch.zeros(()), 0
    for xb, yb in loader:
        xb, yb = xb.to(device), yb.to(device)
        pred = model(xb)
        loss = F.cross_entropy(pred, yb)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        loss_sum += loss.detach() * yb.size(0)
        n += yb.size(0)
    return (loss_sum / n).item()


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
