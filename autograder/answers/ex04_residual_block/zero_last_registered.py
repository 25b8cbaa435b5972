"""The last normalisation registered: with a projection that is the shortcut's.

language: en
points: 87
loses:
  test_zero_init_residual__projection: 'the parameter'
"""


# cell: zero_init_residual
def zero_init_residual(model):
    for module in model.modules():
        if isinstance(module, BasicBlock):
            norms = [m for m in module.modules() if isinstance(m, nn.BatchNorm2d)]
            nn.init.zeros_(norms[-1].weight)
