"""Forgets to return.

language: ko
points: 81
loses:
  test_logits_from_cam: '`return`이 없습니다'
  test_logits_from_cam__per_image: '`return`이 없습니다'
"""


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    logits = cam.mean(dim=(1, 2)) + bias
