"""Sets the momentum to 0; the statistics of the batch are still used.

language: ko
points: 82
loses:
  test_keep_batchnorm_frozen__rest_trains: 'all modules are in the same mode'
  test_keep_batchnorm_frozen: '여전히 바뀝니다'
  test_keep_batchnorm_frozen__every_kind: '여전히 바뀝니다'
"""


# cell: keep_batchnorm_frozen
def keep_batchnorm_frozen(model):
    model.train()
    for m in model.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            m.momentum = 0.0
    return model
