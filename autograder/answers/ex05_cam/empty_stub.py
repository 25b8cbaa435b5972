"""Nothing written.

language: ko
points: 0
loses:
  test_class_activation_map: '`class_activation_map`: 아직 작성하지 않았습니다.'
  test_class_activation_map__per_image: '`class_activation_map`: not written yet.'
  test_class_activation_map__sizes: '`class_activation_map`: 아직 작성하지 않았습니다.'
  test_class_activation_map__gradient: '`class_activation_map`: not written yet.'
  test_logits_from_cam: '`logits_from_cam`: 아직 작성하지 않았습니다.'
  test_logits_from_cam__per_image: '`logits_from_cam`: not written yet.'
  test_upsample_cam: '`upsample_cam`: 아직 작성하지 않았습니다.'
  test_upsample_cam__scale: '`upsample_cam`: not written yet.'
  test_upsample_cam__constant: '`upsample_cam`: 아직 작성하지 않았습니다.'
  test_upsample_cam__sizes: '`upsample_cam`: not written yet.'
rest: stub
student: "20260005"
"""
