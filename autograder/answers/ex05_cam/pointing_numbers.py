"""Returns numbers, not bool.

language: en
points: 78
loses:
  test_pointing_hits: 'returns torch.float32'
  test_pointing_hits__unequal: 'returns torch.float32'
  test_pointing_hits__edges: 'returns torch.float32'
"""


# cell: pointing_hits
def pointing_hits(cam, boxes, image_size):
    height, width = cam.shape[1:]
    cell = cam.flatten(1).argmax(dim=1)
    x = (cell % width + 0.5) * image_size[1] / width
    y = (cell // width + 0.5) * image_size[0] / height
    left, top, right, bottom = boxes.unbind(dim=1)
    return ((left <= x) & (x <= right) & (top <= y) & (y <= bottom)).float()
