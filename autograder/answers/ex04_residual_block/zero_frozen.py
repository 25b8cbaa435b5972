"""Frozen at 0.

language: en
points: 74
loses:
  test_zero_init_residual: 'a parameter was frozen. It starts at 0 but should go on lear'
  test_zero_init_residual__projection: '파라미터를 동결했습니다. 0에서 시작할 뿐, 계속 학습해야 합니다.'
"""

# cell: zero_init_residual
def zero_init_residual(model):
    for module in model.modules():
        if isinstance(module, BasicBlock):
            nn.init.zeros_(module.bn2.weight)
            module.bn2.weight.requires_grad_(False)
