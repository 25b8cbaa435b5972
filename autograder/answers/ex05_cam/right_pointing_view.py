"""Right: flattens the maps with view.

language: en
points: 90
loses: {}
"""

# cell: pointing_hits
def pointing_hits(cam, boxes, image_size):
    n, h, w = cam.shape
    cell = cam.view(n, h * w).argmax(dim=1)
    x = (cell % w + 0.5) * image_size[1] / w
    y = (cell // w + 0.5) * image_size[0] / h
    left, top, right, bottom = boxes.unbind(dim=1)
    return (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
