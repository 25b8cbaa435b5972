"""Looks at children only, not at the model itself.

language: en
points: 87
loses:
  test_zero_init_residual: '`zero_init_residual`: the tensors whose values changed differ. Missing'
"""


# cell: zero_init_residual
def zero_init_residual(model):
    for module in model.children():
        if isinstance(module, BasicBlock):
            nn.init.zeros_(module.bn2.weight)
