"""Right: module dictionaries, hstack, log-softmax and nll_loss.

language: ko
points: 90
loses: {}
"""


# cell: SharedFeatureNet
class SharedFeatureNet(nn.Module):
    def __init__(self, backbone_domain, backbone_category, num_domains, num_categories):
        super().__init__()
        self.backbones = nn.ModuleDict({"domain": backbone_domain, "category": backbone_category})
        width = sum(feature_channels(backbone) for backbone in self.backbones.values())
        self.heads = nn.ModuleDict(
            {
                "domain": nn.Linear(width, num_domains),
                "category": nn.Linear(width, num_categories),
            }
        )

    def forward(self, x):
        shared = torch.hstack([backbone(x).mean((2, 3)) for backbone in self.backbones.values()])
        return tuple(head(shared) for head in self.heads.values())


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    total = outputs[0].new_zeros(())
    for logits, labels, weight in zip(outputs, targets, weights):
        total = total + weight * F.nll_loss(F.log_softmax(logits, dim=1), labels)
    return total
