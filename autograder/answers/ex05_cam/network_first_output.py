"""Takes the first output of a module that runs twice.

language: ko
points: 84
loses:
  test_network_cam: '마지막 출력'
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
    return (head.weight.detach()[class_index][..., None, None] * outputs[0]).sum(dim=1)
