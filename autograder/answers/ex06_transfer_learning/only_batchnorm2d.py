"""Knows only BatchNorm2d.

language: ko
points: 88
loses:
  test_keep_batchnorm_frozen__every_kind: 'BatchNorm1d의 이동 통계량이'
"""


# cell: keep_batchnorm_frozen
def keep_batchnorm_frozen(model):
    model.train()
    for m in model.modules():
        if isinstance(m, nn.BatchNorm2d):
            m.eval()
    return model
