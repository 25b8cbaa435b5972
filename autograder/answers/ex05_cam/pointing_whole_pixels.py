"""상자를 정수로 바꾸어 소수 부분을 잃는다.

language: ko
points: 85
loses: 
  test_pointing_hits: "소수 부분을 버렸습니다"
"""

# cell: pointing_hits
def pointing_hits(cam, boxes, image_size):
    n, h, w = cam.shape
    cell = cam.flatten(1).argmax(dim=1)
    x = (cell % w + 0.5) * image_size[1] / w
    y = (cell // w + 0.5) * image_size[0] / h
    left, top, right, bottom = boxes.long().unbind(dim=1)
    return (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
