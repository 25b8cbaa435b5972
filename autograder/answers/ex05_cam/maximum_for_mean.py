"""Takes the peak of the CAM for its mean.

language: ko
points: 81
loses:
  test_logits_from_cam: '평균이 아니라 최댓값'
  test_logits_from_cam__per_image: '최댓값'
"""


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    return cam.amax(dim=(1, 2)) + bias
