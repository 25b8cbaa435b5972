"""Points at the corner of the cell.

language: en
points: 85
loses:
  test_pointing_hits: 'the corner of the cell'
"""


# cell: pointing_hits
def pointing_hits(cam, boxes, image_size):
    height, width = cam.shape[1:]
    cell = cam.flatten(1).argmax(dim=1)
    x = (cell % width) * image_size[1] / width
    y = (cell // width) * image_size[0] / height
    left, top, right, bottom = boxes.unbind(dim=1)
    return (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
