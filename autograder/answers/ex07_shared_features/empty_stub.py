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
rest: stub
student: "20260005"
"""
