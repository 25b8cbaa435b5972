"""Compares cells with pixels.

language: ko
points: 85
loses:
  test_pointing_hits: '픽셀로 바꾸지 않았습니다'
"""


# cell: pointing_hits
def pointing_hits(cam, boxes, image_size):
    height, width = cam.shape[1:]
    cell = cam.flatten(1).argmax(dim=1)
    x = cell % width + 0.5
    y = cell // width + 0.5
    left, top, right, bottom = boxes.unbind(dim=1)
    return (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
