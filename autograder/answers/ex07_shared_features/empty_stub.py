"""Nothing written.

language: ko
points: 0
loses:
  test_SharedFeatureNet__layers: '`SharedFeatureNet`: 아직 작성하지 않았습니다.'
  test_SharedFeatureNet: '`SharedFeatureNet`: not written yet.'
  test_SharedFeatureNet__any_size: '`SharedFeatureNet`: 아직 작성하지 않았습니다.'
  test_SharedFeatureNet__backbones: '`SharedFeatureNet`: not written yet.'
  test_SharedFeatureNet__gradient: '`SharedFeatureNet`: 아직 작성하지 않았습니다.'
  test_multitask_loss: '`multitask_loss`: not written yet.'
  test_multitask_loss__weights: '`multitask_loss`: 아직 작성하지 않았습니다.'
  test_multitask_loss__gradient: '`multitask_loss`: not written yet.'
  test_multitask_loss__extremes: '`multitask_loss`: 아직 작성하지 않았습니다.'
  test_gradient_cosine: '`gradient_cosine`: not written yet.'
  test_gradient_cosine__unreached: '`gradient_cosine`: 아직 작성하지 않았습니다.'
  test_gradient_cosine__traces: '`gradient_cosine`: not written yet.'
  test_gradient_cosine__extremes: '`gradient_cosine`: 아직 작성하지 않았습니다.'
  test_equal_parameter_width: '`equal_parameter_width`: not written yet.'
  test_equal_parameter_width__edges: '`equal_parameter_width`: 아직 작성하지 않았습니다.'
  test_equal_parameter_width__calls: '`equal_parameter_width`: not written yet.'
rest: stub
student: "20260005"
"""
