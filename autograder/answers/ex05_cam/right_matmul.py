"""Right: batched matrix products on flattened maps.

language: en
points: 90
loses: {}
student: "20260004"
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    n, c, h, w = features.shape
    index = torch.as_tensor(class_index).expand(n)
    chosen = weight.index_select(0, index).reshape(n, 1, c)
    return torch.bmm(chosen, features.reshape(n, c, h * w)).reshape(n, h, w)


# cell: logits_from_cam
def logits_from_cam(cam, bias):
    return (
        F.adaptive_avg_pool2d(cam[:, None], 1)[:, 0, 0, 0] + bias
        if len(cam)
        else cam.sum(dim=(1, 2)) + bias
    )
