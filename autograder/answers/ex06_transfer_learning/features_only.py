"""Freezes convolutions and leaves batch normalisation and the head.

language: ko
points: 87
loses:
  test_freeze: '가 아직 학습됩니다'
"""


# cell: freeze
def freeze(model):
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            module.requires_grad_(False)
    return model
