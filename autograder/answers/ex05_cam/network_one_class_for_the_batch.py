"""Chooses one class for the whole batch.

language: en
points: 86
loses:
  test_network_cam__predicted: 'first image'
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
        class_index = int(logits[0].argmax())
    head = [module for module in network.modules() if isinstance(module, nn.Linear)][-1]
    return (head.weight.detach()[class_index][..., None, None] * outputs[-1]).sum(dim=1)
