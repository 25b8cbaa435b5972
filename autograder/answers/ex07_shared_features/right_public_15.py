"""Right, in the manner of functional programming.

language: en
points: 90
loses: {}
"""

# cell: SharedFeatureNet
from functools import partial, reduce


def gap(x):
    return torch.mean(x, dim=tuple(range(2, x.ndim)))


def compose(*functions):
    return reduce(lambda f, g: lambda x: g(f(x)), functions)


class SharedFeatureNet(nn.Module):
    def __init__(self, backbone_domain, backbone_category, num_domains, num_categories):
        super().__init__()
        self.backbones = nn.ModuleList((backbone_domain, backbone_category))
        make = partial(nn.Linear, sum(map(feature_channels, self.backbones)))
        self.heads = nn.ModuleList(map(make, (num_domains, num_categories)))

    def forward(self, x):
        branches = (compose(backbone, gap)(x) for backbone in self.backbones)
        shared = torch.column_stack(tuple(branches))
        domain, category = (head(shared) for head in self.heads)
        return domain, category


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    losses = map(F.cross_entropy, outputs, targets)
    return reduce(torch.add, (weight * loss for weight, loss in zip(weights, losses)))
