"""Flattens for 32×32 images instead of GAP.

language: en
points: 77
loses:
  test_ModernGAPCNN__layers: 'takes 32768 numbers'
  test_ModernGAPCNN: 'takes 32768 numbers'
  test_ModernGAPCNN__any_size: '`ModernGAPCNN` raised an error (shape (2, 3, 7, 5)): RuntimeError: mat'
"""


# cell: ModernGAPCNN
class ModernGAPCNN(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, padding=1)
        self.conv2 = nn.Conv2d(64, 128, 3, stride=2, padding=1)
        self.fc = nn.Linear(128 * 16 * 16, num_classes)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        return self.fc(x.flatten(1))
