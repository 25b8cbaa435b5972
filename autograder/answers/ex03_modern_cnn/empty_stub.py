"""Nothing written.

language: ko
points: 0
loses:
  test_downsample: '`downsample`: 아직 작성하지 않았습니다.'
  test_downsample__sizes: '`downsample`: not written yet.'
  test_ModernGAPCNN__layers: '`ModernGAPCNN`: 아직 작성하지 않았습니다.'
  test_ModernGAPCNN: '`ModernGAPCNN`: not written yet.'
  test_ModernGAPCNN__any_size: '`ModernGAPCNN`: 아직 작성하지 않았습니다.'
  test_count_parameters: '`count_parameters`: not written yet.'
  test_count_parameters__frozen: '`count_parameters`: 아직 작성하지 않았습니다.'
  test_train_one_epoch: '`train_one_epoch`: not written yet.'
  test_train_one_epoch__updates: '`train_one_epoch`: 아직 작성하지 않았습니다.'
  test_train_one_epoch__mode: '`train_one_epoch`: not written yet.'
  test_accuracy: '`accuracy`: 아직 작성하지 않았습니다.'
  test_accuracy__mode: '`accuracy`: not written yet.'
  test_input_interval: '`input_interval`: 아직 작성하지 않았습니다.'
  test_input_interval__padding: '`input_interval`: not written yet.'
  test_input_interval__borders: '`input_interval`: 아직 작성하지 않았습니다.'
  test_train_one_epoch_accumulated: '`train_one_epoch_accumulated`: not written yet.'
  test_train_one_epoch_accumulated__updates: '`train_one_epoch_accumulated`: 아직 작성하지 않았습니다.'
  test_train_one_epoch_accumulated__ragged: '`train_one_epoch_accumulated`: not written yet.'
rest: stub
student: "20260005"
"""
