"""New parameters instead of new values.

language: ko
points: 88
loses:
  test_zero_init_residual__in_place: '`zero_init_residual`: 파라미터를 새것으로 바꾸었습니다. 옵티마이저에는 옛것이 남아 있습니다. 값만 바꾸세요.'
"""


# cell: zero_init_residual
def zero_init_residual(model):
    for module in model.modules():
        if isinstance(module, BasicBlock):
            module.bn2.weight = nn.Parameter(torch.zeros_like(module.bn2.weight))
