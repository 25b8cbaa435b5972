"""Adds the CAM up instead of averaging it.

language: en
points: 81
loses:
  test_logits_from_cam: 'added up, not averaged'
  test_logits_from_cam__per_image: 'added up, not averaged'
"""


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    return cam.sum(dim=(1, 2)) + bias
