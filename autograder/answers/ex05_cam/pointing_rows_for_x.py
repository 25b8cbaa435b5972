"""Takes the row for x.

language: ko
points: 85
loses:
  test_pointing_hits: 'x와 y를 바꾸었습니다'
"""


# cell: pointing_hits
def pointing_hits(cam, boxes, image_size):
    height, width = cam.shape[1:]
    cell = cam.flatten(1).argmax(dim=1)
    x = (cell % width + 0.5) * image_size[1] / width
    y = (cell // width + 0.5) * image_size[0] / height
    top, left, bottom, right = boxes.unbind(dim=1)
    return (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
