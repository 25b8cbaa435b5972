"""Cleans up with zero_grad, which erases the gradients that training had left.

language: en
points: 85
loses:
  test_grad_cam__as_it_was: "`.grad`"
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
    picked_logits = logits[torch.arange(len(images)), class_index]
    network.zero_grad()
    picked_logits.sum().backward()
    network.zero_grad()
    slope = leaves[-1].grad
    return (slope.mean(dim=(2, 3), keepdim=True) * leaves[-1].detach()).sum(dim=1)
