"""Keeps an axis, so that a bias per image spreads the result to (N, N).

language: en
points: 81
loses:
  test_logits_from_cam: 'has the shape'
  test_logits_from_cam__per_image: 'has the shape'
"""


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    return cam.flatten(1).mean(dim=1, keepdim=True) + bias
