"""Puts the whole model in eval mode.

language: en
points: 82
loses:
  test_keep_batchnorm_frozen: 'the whole model is in evaluation mode'
  test_keep_batchnorm_frozen__every_kind: 'the whole model is in evaluation mode'
  test_keep_batchnorm_frozen__rest_trains: 'is in evaluation mode'
student: "20260016"
"""


# cell: keep_batchnorm_frozen
def keep_batchnorm_frozen(model):
    return model.eval()
