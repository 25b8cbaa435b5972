"""Right, in the manner of a first attempt that works.

language: ko
points: 90
loses: {}
"""


# cell: SharedFeatureNet
class SharedFeatureNet(nn.Module):
    def __init__(self, backbone_domain, backbone_category, num_domains, num_categories):
        super(SharedFeatureNet, self).__init__()
        self.backbone_domain = backbone_domain
        self.backbone_category = backbone_category
        c1 = feature_channels(backbone_domain)
        c2 = feature_channels(backbone_category)
        self.fc1 = nn.Linear(c1 + c2, num_domains)
        self.fc2 = nn.Linear(c1 + c2, num_categories)

    def forward(self, x):
        f1 = self.backbone_domain(x)
        f2 = self.backbone_category(x)
        # GAP: 배치마다 H, W가 다를 수 있어서 모양을 그때그때 읽음
        f1 = f1.view(f1.shape[0], f1.shape[1], -1).mean(dim=2)
        f2 = f2.view(f2.shape[0], f2.shape[1], -1).mean(dim=2)
        f = torch.cat((f1, f2), dim=1)
        out1 = self.fc1(f)
        out2 = self.fc2(f)
        return out1, out2


# cell: multitask_loss
def multitask_loss(outputs, targets, weights):
    out_domain, out_category = outputs
    y_domain, y_category = targets
    w_domain, w_category = weights
    criterion = nn.CrossEntropyLoss()
    loss1 = criterion(out_domain, y_domain)
    loss2 = criterion(out_category, y_category)
    loss = w_domain * loss1 + w_category * loss2
    return loss
