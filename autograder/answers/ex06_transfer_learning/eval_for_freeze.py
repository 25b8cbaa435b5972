"""Takes eval mode for freezing.

language: ko
points: 85
loses:
  test_freeze: '모드는 파라미터를 동결하지 않습니다'
  test_freeze__same_object: '모드'
"""


# cell: freeze
def freeze(model):
    model.eval()
    return model
