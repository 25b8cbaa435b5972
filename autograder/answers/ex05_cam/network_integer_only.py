"""Knows one integer alone.

language: ko
points: 80
loses:
  test_network_cam: '오류가 났습니다'
  test_network_cam__predicted: '오류가 났습니다'
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
    head = [module for module in network.modules() if isinstance(module, nn.Linear)][-1]
    return (head.weight.detach()[class_index].view(1, -1, 1, 1) * outputs[-1]).sum(dim=1)
