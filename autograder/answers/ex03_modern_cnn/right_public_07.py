"""Right, in the manner of a course's lab.

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
        super(ModernGAPCNN, self).__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=3, stride=1, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(64, 128, kernel_size=3, stride=2, padding=1),
            nn.ReLU(inplace=True),
        )
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.classifier = nn.Linear(128, num_classes)

    def forward(self, x):
        x = self.features(x)
        x = self.avgpool(x)
        x = torch.flatten(x, 1)
        return self.classifier(x)


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
    model.train()
    running_loss = 0.0
    total = 0
    criterion = nn.CrossEntropyLoss()
    for i, data in enumerate(loader, 0):
        inputs, labels = data
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item() * inputs.size(0)
        total += inputs.size(0)
    return running_loss / total


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
