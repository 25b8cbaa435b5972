"""Frozen at 0.

language: en
points: 88
loses:
  test_zero_init_residual__in_place: '`zero_init_residual`: a parameter was frozen. It starts at 0 but shoul'
"""


# cell: zero_init_residual
def zero_init_residual(model):
    for module in model.modules():
        if isinstance(module, BasicBlock):
            nn.init.zeros_(module.bn2.weight)
            module.bn2.weight.requires_grad_(False)
