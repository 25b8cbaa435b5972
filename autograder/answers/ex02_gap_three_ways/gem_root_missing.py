"""The root is missing.

language: ko
points: 73
loses:
  test_GeM: "p제곱근을 빠뜨렸습니다"
  test_GeM__learns: "`p`의 기울기가 다릅니다"
  test_GeM__large: "평균과 최댓값 사이에 있지 않습니다"
  test_GeM__eps: "`eps`로 올리지 않았습니다"
"""


# cell: GeM
class GeM(nn.Module):
    def __init__(self, p, eps=1e-6):
        super().__init__()
        self.p = nn.Parameter(torch.tensor(p))
        self.eps = eps

    def forward(self, x):
        return (x.clamp(min=self.eps) ** self.p[:, None, None]).mean(dim=(2, 3))
