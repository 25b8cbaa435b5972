"""Flattens with view, which fails on inputs that are not contiguous.

language: ko
points: 81
loses:
  test_class_activation_map__sizes: 'view'
  test_logits_from_cam: 'view'
student: "20260012"
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    n, c, h, w = features.shape
    flat = features.view(n, c, h * w)
    return (weight[class_index].unsqueeze(-1) * flat).sum(dim=1).reshape(n, h, w)


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    return cam.view(len(cam), -1).mean(dim=1) + bias
