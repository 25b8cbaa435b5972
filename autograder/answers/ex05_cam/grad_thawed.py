"""Thaws a frozen network and leaves it so.

language: ko
points: 86
loses:
  test_grad_cam__frozen: 'flags'
"""


# cell: grad_cam
def grad_cam(network, layer, images, class_index):
    modes = [(module, module.training) for module in network.modules()]
    leaves = []
    network.requires_grad_(True)

    def cut(module, args, output):
        leaves.append(output)

    hook = network.get_submodule(layer).register_forward_hook(cut)
    network.eval()
    logits = network(images)
    hook.remove()
    for module, training in modes:
        module.training = training
    picked_logits = logits[torch.arange(len(images)), class_index]
    (slope,) = torch.autograd.grad(picked_logits.sum(), leaves[-1])
    return (slope.mean(dim=(2, 3), keepdim=True) * leaves[-1].detach()).sum(dim=1)
