"""Adds up the classes of the whole batch for each image.

language: en
points: 84
loses:
  test_grad_cam: 'has the right shape but other values'
"""


# cell: grad_cam
def grad_cam(network, layer, images, class_index):
    modes = [(module, module.training) for module in network.modules()]
    leaves = []

    def cut(module, args, output):
        leaves.append(output.detach().requires_grad_())
        return leaves[-1]

    hook = network.get_submodule(layer).register_forward_hook(cut)
    network.eval()
    logits = network(images)
    hook.remove()
    for module, training in modes:
        module.training = training
    picked_logits = logits[:, class_index]
    (slope,) = torch.autograd.grad(picked_logits.sum(), leaves[-1])
    return (slope.mean(dim=(2, 3), keepdim=True) * leaves[-1].detach()).sum(dim=1)
