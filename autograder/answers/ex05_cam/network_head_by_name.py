"""Expects the head to be called fc.

language: en
points: 72
loses:
  test_network_cam: 'raised an error'
  test_network_cam__predicted: 'raised an error'
  test_network_cam__train_mode: 'raised an error'
  test_network_cam__as_it_was: 'raised an error'
"""


# cell: network_cam
def network_cam(network, layer, images, class_index=None):
    modes = [(module, module.training) for module in network.modules()]
    outputs = []
    hook = network.get_submodule(layer).register_forward_hook(
        lambda module, args, output: outputs.append(output)
    )
    network.eval()
    with torch.no_grad():
        logits = network(images)
    hook.remove()
    for module, training in modes:
        module.training = training
    if class_index is None:
        class_index = logits.argmax(dim=1)
    head = network.fc
    return (head.weight.detach()[class_index][..., None, None] * outputs[-1]).sum(dim=1)
