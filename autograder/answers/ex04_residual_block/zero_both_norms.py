"""Both normalisations set to 0.

language: en
points: 84
loses:
  test_zero_init_residual: 'the parameter'
  test_zero_init_residual__projection: '0이 되지 말아야 할 파라미터'
"""


# cell: zero_init_residual
def zero_init_residual(model):
    for module in model.modules():
        if isinstance(module, BasicBlock):
            nn.init.zeros_(module.bn1.weight)
            nn.init.zeros_(module.bn2.weight)
