"""Uses the first image's class for the whole batch.

language: en
points: 84
loses:
  test_class_activation_map__per_image: "every image got the first image's class"
student: "20260009"
"""


# cell: class_activation_map
def class_activation_map(features, weight, class_index):
    if torch.is_tensor(class_index):
        class_index = int(class_index[0])
    return torch.einsum("c,nchw->nhw", weight[class_index], features)
