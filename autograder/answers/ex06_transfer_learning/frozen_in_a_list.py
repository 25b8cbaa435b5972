"""Hides the backbone in a list, where nothing finds it.

language: ko
points: 74
loses:
  test_FrozenBackbone: 'state_dict'
  test_FrozenBackbone__frozen: ''
  test_FrozenBackbone__still: ''
"""


# cell: FrozenBackbone
class FrozenBackbone(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.hidden = [backbone.requires_grad_(False)]
        self.head = head
        self.hidden[0].eval()

    def forward(self, x):
        return self.head(self.hidden[0](x))

    def train(self, mode=True):
        return super().train(mode)
