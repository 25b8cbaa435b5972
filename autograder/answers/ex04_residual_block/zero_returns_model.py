"""Returns the model.

language: ko
points: 74
loses:
  test_zero_init_residual: '모델을 그 자리에서 바꾸고 아무것도 돌려주지 않습니다'
  test_zero_init_residual__projection: 'changes the model in place and returns nothing'
"""

# cell: zero_init_residual
def zero_init_residual(model):
    for module in model.modules():
        if isinstance(module, BasicBlock):
            nn.init.zeros_(module.bn2.weight)
    return model
