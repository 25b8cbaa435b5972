"""Right, in the manner of a blog post.

language: ko
points: 90
loses: {}
"""


# cell: downsample
class Shrink(nn.Conv2d):
    def forward(self, x):
        return F.relu(super().forward(x))


def downsample(in_channels, out_channels):
    return Shrink(in_channels, out_channels, 3, stride=2, padding=1)


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
    trainable = filter(lambda p: p.requires_grad, model.parameters())
    return sum(map(torch.numel, trainable))


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
from contextlib import contextmanager


@contextmanager
def evaluating(model):
    before = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield model
    finally:
        model.train(before)


def accuracy(model, loader):
    predictions, truth = [], []
    with evaluating(model):
        for images, labels in loader:
            predictions.append(model(images).topk(1, dim=1).indices.squeeze(1))
            truth.append(labels)
    predictions, truth = torch.cat(predictions), torch.cat(truth)
    return float((predictions == truth).sum()) / len(truth)
