"""Looks for batch normalisation among the direct children only.

language: en
points: 87
loses:
  test_keep_batchnorm_frozen: 'still drift'
"""


# cell: keep_batchnorm_frozen
def keep_batchnorm_frozen(model):
    model.train()
    for m in model.children():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            m.eval()
    return model
