"""Freezes the parameters of batch normalisation instead of its statistics.

language: ko
points: 82
loses:
  test_keep_batchnorm_frozen: '여전히 바뀝니다'
  test_keep_batchnorm_frozen__every_kind: '여전히 바뀝니다'
  test_keep_batchnorm_frozen__rest_trains: 'requires_grad가 바뀌었습니다'
student: "20260015"
"""


# cell: keep_batchnorm_frozen
def keep_batchnorm_frozen(model):
    model.train()
    for m in model.modules():
        if isinstance(m, nn.modules.batchnorm._BatchNorm):
            m.requires_grad_(False)
    return model
