"""Puts everything in eval mode and only the model itself in train mode.

language: en
points: 87
loses:
  test_keep_batchnorm_frozen__rest_trains: 'is in evaluation mode'
"""


# cell: keep_batchnorm_frozen
def keep_batchnorm_frozen(model):
    model.eval()
    model.training = True
    return model
