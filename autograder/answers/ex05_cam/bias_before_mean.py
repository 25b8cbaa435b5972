"""Adds the bias before the mean, where it lands on the columns instead of the images.

language: ko
points: 86
loses:
  test_logits_from_cam__per_image: '편향'
"""


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    return (cam + bias).mean(dim=(1, 2))
