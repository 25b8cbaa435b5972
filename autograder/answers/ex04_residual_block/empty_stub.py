"""Nothing written.

language: ko
points: 0
loses:
  test_BasicBlock__layers: '`BasicBlock`: 아직 작성하지 않았습니다.'
  test_BasicBlock: '`BasicBlock`: 아직 작성하지 않았습니다'
  test_BasicBlock__projection: '`BasicBlock`: not written yet'
  test_BasicBlock__training: '`BasicBlock`: 아직 작성하지 않았습니다'
  test_BasicBlock__any_size: '`BasicBlock`: not written yet'
  test_zero_init_residual: '`zero_init_residual`: 아직 작성하지 않았습니다'
  test_zero_init_residual__projection: '`zero_init_residual`: not written yet'
  test_zero_init_residual__in_place: '`zero_init_residual`: 아직 작성하지 않았습니다.'
  test_TinyResNet: '`TinyResNet`: 아직 작성하지 않았습니다'
  test_TinyResNet__depth: '`TinyResNet`: not written yet'
  test_TinyResNet__forward: '`TinyResNet`: 아직 작성하지 않았습니다'
  test_TinyResNet__learns: '`TinyResNet`: not written yet'
  test_merge_branches: '`merge_branches`: 아직 작성하지 않았습니다'
  test_merge_branches__projection: '`merge_branches`: not written yet'
  test_merge_branches__originals: '`merge_branches`: 아직 작성하지 않았습니다'
  test_PooledBottleneck__layers: '`PooledBottleneck`: not written yet'
  test_PooledBottleneck: '`PooledBottleneck`: 아직 작성하지 않았습니다'
  test_PooledBottleneck__stride: '`PooledBottleneck`: not written yet'
  test_PooledBottleneck__odd: '`PooledBottleneck`: 아직 작성하지 않았습니다'
rest: stub
student: "20260003"
"""
