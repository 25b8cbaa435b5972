"""Uses `view` on what the convolutions give, which an empty batch alone would not stand.

language: en
points: 90
loses: {}
"""


# cell: ModernGAPCNN
class ModernGAPCNN(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, padding=1)
        self.conv2 = nn.Conv2d(64, 128, 3, stride=2, padding=1)
        self.fc = nn.Linear(128, num_classes)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        return self.fc(x.view(x.shape[0], 128, -1).mean(dim=2).view(x.shape[0], -1))
