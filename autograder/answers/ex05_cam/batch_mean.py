"""Averages the whole batch.

language: en
points: 81
loses:
  test_logits_from_cam: 'has the shape'
  test_logits_from_cam__per_image: 'other values'
"""


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    return cam.mean() + bias
