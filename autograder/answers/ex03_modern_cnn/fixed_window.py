"""Averages in a window of 4×4, right for 8×8 images only.

language: ko
points: 81
loses:
  test_ModernGAPCNN: '오류가 났습니다'
  test_ModernGAPCNN__any_size: '오류가 났습니다'
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
        return self.fc(F.avg_pool2d(x, 4).flatten(1))
