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
  test_network_cam: '`network_cam`: not written yet.'
  test_network_cam__predicted: '`network_cam`: 아직 작성하지 않았습니다.'
  test_network_cam__train_mode: '`network_cam`: not written yet.'
  test_network_cam__as_it_was: '`network_cam`: 아직 작성하지 않았습니다.'
  test_grad_cam: '`grad_cam`: not written yet.'
  test_grad_cam__frozen: '`grad_cam`: 아직 작성하지 않았습니다.'
  test_grad_cam__as_it_was: '`grad_cam`: not written yet.'
  test_pointing_hits: '`pointing_hits`: 아직 작성하지 않았습니다.'
  test_pointing_hits__unequal: '`pointing_hits`: not written yet.'
  test_pointing_hits__edges: '`pointing_hits`: 아직 작성하지 않았습니다.'
rest: stub
student: "20260005"
"""
