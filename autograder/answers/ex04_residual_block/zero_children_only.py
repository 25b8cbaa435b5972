"""Looks at children only, not at the model itself.

language: en
points: 74
loses:
  test_zero_init_residual: '`parameters` differs. BatchNorm2d.weight|6#1: 6 of'
  test_zero_init_residual__projection: '`parameters`이(가) 다릅니다. BatchNorm2d.weight|8#1: 값 8'
"""

# cell: zero_init_residual
def zero_init_residual(model):
    for module in model.children():
        if isinstance(module, BasicBlock):
            nn.init.zeros_(module.bn2.weight)
