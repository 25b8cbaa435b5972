"""Takes the mean for the whole logit.

language: ko
points: 81
loses:
  test_logits_from_cam: '편향을 더하지 않았습니다'
  test_logits_from_cam__per_image: '편향을 더하지 않았습니다'
"""


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    return cam.mean(dim=(1, 2))
