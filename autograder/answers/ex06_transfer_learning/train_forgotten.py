"""Forgets to switch to train mode first.

language: ko
points: 87
loses:
  test_keep_batchnorm_frozen__rest_trains: '평가 모드입니다'
"""


# cell: keep_batchnorm_frozen
def keep_batchnorm_frozen(model):
    for m in model.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            m.eval()
    return model
