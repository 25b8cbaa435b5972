"""Right, in the manner of a training framework.

language: en
points: 90
loses: {}
"""

# cell: SharedFeatureNet
from typing import NamedTuple


class MultiTaskOutput(NamedTuple):
    domain: torch.Tensor
    category: torch.Tensor


class GlobalPool(nn.Module):
    """Global average pooling; `pool_type` as in common model zoos."""

    def __init__(self, pool_type: str = "avg", flatten: bool = True):
        super().__init__()
        assert pool_type == "avg"
        self.flatten = flatten

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.adaptive_avg_pool2d(x, 1)
        return x.flatten(1) if self.flatten else x


class SharedFeatureNet(nn.Module):
    def __init__(
        self,
        backbone_domain: nn.Module,
        backbone_category: nn.Module,
        num_domains: int,
        num_categories: int,
    ) -> None:
        super().__init__()
        self.encoders = nn.ModuleDict(dict(domain=backbone_domain, category=backbone_category))
        self.pool = GlobalPool()
        num_features = sum(feature_channels(encoder) for encoder in self.encoders.values())
        self.domain_classifier = self._head(num_features, num_domains)
        self.category_classifier = self._head(num_features, num_categories)

    @staticmethod
    def _head(num_features: int, num_classes: int) -> nn.Linear:
        return nn.Linear(num_features, num_classes)

    def forward_features(self, x: torch.Tensor) -> torch.Tensor:
        return torch.concat([self.pool(encoder(x)) for encoder in self.encoders.values()], dim=1)

    def forward(self, x: torch.Tensor) -> MultiTaskOutput:
        features = self.forward_features(x)
        return MultiTaskOutput(self.domain_classifier(features), self.category_classifier(features))


# cell: multitask_loss
class MultiTaskLoss(nn.Module):
    def __init__(self, weights):
        super().__init__()
        self.weights = weights
        self.criterion = nn.CrossEntropyLoss()

    def forward(self, outputs, targets):
        total = 0.0
        for weight, output, target in zip(self.weights, outputs, targets):
            total = total + weight * self.criterion(output, target)
        return total


def multitask_loss(outputs, targets, weights):
    return MultiTaskLoss(weights)(outputs, targets)
