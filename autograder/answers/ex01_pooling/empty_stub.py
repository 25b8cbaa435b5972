"""Nothing written.

language: ko
points: 0
loses:
  test_output_size: '`output_size`: 아직 작성하지 않았습니다'
  test_output_size__floor: '`output_size`: not written yet'
  test_output_size__padding: '`output_size`: 아직 작성하지 않았습니다'
  test_max_pool2d: '`max_pool2d`: not written yet'
  test_max_pool2d__windows: '`max_pool2d`: 아직 작성하지 않았습니다'
  test_max_pool2d__any_input: '`max_pool2d`: not written yet'
  test_avg_pool2d: '`avg_pool2d`: 아직 작성하지 않았습니다'
  test_avg_pool2d__windows: '`avg_pool2d`: not written yet'
  test_avg_pool2d__any_input: '`avg_pool2d`: 아직 작성하지 않았습니다'
  test_max_pool2d_grad: '`max_pool2d_grad`: not written yet'
  test_max_pool2d_grad__ties: '`max_pool2d_grad`: 아직 작성하지 않았습니다'
  test_max_pool2d_grad__overlap: '`max_pool2d_grad`: not written yet'
  test_max_pool2d_grad__any_input: '`max_pool2d_grad`: 아직 작성하지 않았습니다'
  test_max_pool2d_indices: "`max_pool2d_indices`: 아직 작성하지 않았습니다."
  test_max_pool2d_indices__padding: "`max_pool2d_indices`: not written yet."
  test_max_pool2d_indices__low: "`max_pool2d_indices`: not written yet."
  test_max_pool2d_indices__ties: "`max_pool2d_indices`: not written yet."
  test_soft_pool2d: "`soft_pool2d`: 아직 작성하지 않았습니다."
  test_soft_pool2d__large: "`soft_pool2d`: not written yet."
  test_soft_pool2d__gradient: "`soft_pool2d`: not written yet."
  test_adaptive_avg_pool2d: "`adaptive_avg_pool2d`: 아직 작성하지 않았습니다."
  test_adaptive_avg_pool2d__uneven: "`adaptive_avg_pool2d`: not written yet."
  test_adaptive_avg_pool2d__ends: "`adaptive_avg_pool2d`: not written yet."
rest: stub
student: "20260003"
"""
