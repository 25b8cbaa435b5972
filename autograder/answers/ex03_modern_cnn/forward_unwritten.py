"""Only the layers are written.

language: ko
points: 81
loses:
  test_ModernGAPCNN: '아직 작성하지 않았습니다'
  test_ModernGAPCNN__any_size: 'not written yet'
student: "20260006"
"""


# cell: ModernGAPCNN
class ModernGAPCNN(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, padding=1)
        self.conv2 = nn.Conv2d(64, 128, 3, stride=2, padding=1)
        self.fc = nn.Linear(128, num_classes)

    def forward(self, x):
        raise NotImplementedError("여기에 답을 쓰세요.")
