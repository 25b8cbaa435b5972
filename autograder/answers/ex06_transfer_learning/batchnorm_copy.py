"""Works on a copy.

language: ko
points: 87
loses:
  test_keep_batchnorm_frozen__rest_trains: '다른 객체를 돌려주었습니다'
"""

# cell: keep_batchnorm_frozen
import copy


def keep_batchnorm_frozen(model):
    model = copy.deepcopy(model).train()
    for m in model.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            m.eval()
    return model
