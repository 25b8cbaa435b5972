"""Right, in the manner of a student who likes loops.

language: ko
points: 90
loses: {}
"""


# cell: SharedFeatureNet
def gap(x):
    return F.adaptive_avg_pool2d(x, 1).view(x.size(0), -1)


class SharedFeatureNet(nn.Module):
    def __init__(self, backbone_domain, backbone_category, num_domains, num_categories):
        super().__init__()
        self.a, self.b = backbone_domain, backbone_category
        ca, cb = map(feature_channels, (self.a, self.b))
        self.classifier_domain = nn.Sequential(nn.Linear(ca + cb, num_domains))
        self.classifier_category = nn.Sequential(nn.Linear(ca + cb, num_categories))

    def forward(self, x):
        fa, fb = gap(self.a(x)), gap(self.b(x))
        shared = torch.cat([fa, fb], -1)
        domain_logits = self.classifier_domain(shared)
        category_logits = self.classifier_category(shared)
        return (domain_logits, category_logits)


# cell: multitask_loss
def cross_entropy(logits, labels):
    log_prob = logits - torch.logsumexp(logits, dim=1, keepdim=True)
    return -log_prob[torch.arange(len(labels)), labels].mean()


def multitask_loss(outputs, targets, weights):
    return float(weights[0]) * cross_entropy(outputs[0], targets[0]) + float(
        weights[1]
    ) * cross_entropy(outputs[1], targets[1])
