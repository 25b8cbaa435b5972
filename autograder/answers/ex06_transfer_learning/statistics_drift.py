"""Only train(): batch normalisation drifts on.

language: en
points: 82
loses:
  test_keep_batchnorm_frozen__rest_trains: 'all modules are in the same mode'
  test_keep_batchnorm_frozen: 'still drift'
  test_keep_batchnorm_frozen__every_kind: 'still drift'
"""


# cell: keep_batchnorm_frozen
def keep_batchnorm_frozen(model):
    return model.train()
