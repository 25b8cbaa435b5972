"""logits_from_cam computed without recording gradients; its statement asks for none.

language: en
"""

# cell: logits_from_cam
def logits_from_cam(cam, bias):
    with torch.no_grad():
        return cam.flatten(1).mean(1) + bias
