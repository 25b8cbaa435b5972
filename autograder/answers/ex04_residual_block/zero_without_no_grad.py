"""In place without `no_grad`.

language: ko
points: 82
loses:
  test_zero_init_residual: '실행 중 오류가 났습니다'
  test_zero_init_residual__projection: 'raised an error'
  test_zero_init_residual__in_place: '`zero_init_residual` 실행 중 오류가 났습니다: RuntimeError: a leaf Variable that'
"""


# cell: zero_init_residual
def zero_init_residual(model):
    for module in model.modules():
        if isinstance(module, BasicBlock):
            module.bn2.weight.zero_()
