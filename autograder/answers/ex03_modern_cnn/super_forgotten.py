"""Forgets `super().__init__()`.

language: en
points: 77
loses:
  test_ModernGAPCNN__layers: 'AttributeError'
  test_ModernGAPCNN: 'AttributeError'
  test_ModernGAPCNN__any_size: 'AttributeError'
"""


# cell: ModernGAPCNN
class ModernGAPCNN(nn.Module):
    def __init__(self, num_classes):
        self.conv1 = nn.Conv2d(3, 64, 3, padding=1)
        self.conv2 = nn.Conv2d(64, 128, 3, stride=2, padding=1)
        self.fc = nn.Linear(128, num_classes)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        return self.fc(x.mean(dim=(2, 3)))
