"""Returns the model.

language: ko
points: 88
loses:
  test_zero_init_residual__in_place: '`zero_init_residual`은 모델을 그 자리에서 바꾸고 아무것도 돌려주지 않습니다(`None`).'
"""


# cell: zero_init_residual
def zero_init_residual(model):
    for module in model.modules():
        if isinstance(module, BasicBlock):
            nn.init.zeros_(module.bn2.weight)
    return model
