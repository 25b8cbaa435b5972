"""Uses the first box for all images.

language: ko
points: 85
loses:
  test_pointing_hits: '첫 이미지의 상자'
"""


# cell: pointing_hits
def pointing_hits(cam, boxes, image_size):
    height, width = cam.shape[1:]
    cell = cam.flatten(1).argmax(dim=1)
    x = (cell % width + 0.5) * image_size[1] / width
    y = (cell // width + 0.5) * image_size[0] / height
    left, top, right, bottom = boxes[:1].unbind(dim=1)
    return (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
