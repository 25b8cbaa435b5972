"""Syntax error in one cell.

language: ko
points: 82
loses:
  test_zero_init_residual: '`zero_init_residual`을(를) 찾을 수 없습니다. 이름을 바꾸거나 셀을 지우'
  test_zero_init_residual__projection: 'NameError'
  test_zero_init_residual__in_place: '`zero_init_residual`을(를) 찾을 수 없습니다. 이름을 바꾸거나 셀을 지우지 않았는지 확인하세요.'
"""

# cell: zero_init_residual
def zero_init_residual(model)
    pass
