"""Restores one mode for the whole network.

language: ko
points: 86
loses:
  test_network_cam__as_it_was: '모듈마다 되돌'
"""


# cell: network_cam
def network_cam(network, layer, images, class_index=None):
    training = network.training
    outputs = []
    hook = network.get_submodule(layer).register_forward_hook(
        lambda module, args, output: outputs.append(output)
    )
    network.eval()
    with torch.no_grad():
        logits = network(images)
    hook.remove()
    network.train(training)
    if class_index is None:
        class_index = logits.argmax(dim=1)
    head = [module for module in network.modules() if isinstance(module, nn.Linear)][-1]
    return (head.weight.detach()[class_index][..., None, None] * outputs[-1]).sum(dim=1)
