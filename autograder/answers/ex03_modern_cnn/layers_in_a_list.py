"""Keeps the convolutions in a Python list.

language: en
points: 81
loses:
  test_ModernGAPCNN__layers: 'in a Python list are not registered'
  test_ModernGAPCNN: 'in a Python list are not registered'
"""


# cell: ModernGAPCNN
class ModernGAPCNN(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.convs = [nn.Conv2d(3, 64, 3, padding=1), nn.Conv2d(64, 128, 3, stride=2, padding=1)]
        self.fc = nn.Linear(128, num_classes)

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x))
        return self.fc(x.mean(dim=(2, 3)))
