"""Right, in the manner of someone who comes from NumPy.

language: ko
points: 90
loses: {}
"""

# cell: downsample
import numpy as np


def downsample(in_channels, out_channels):
    class Layer(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(in_channels, out_channels, 3, padding=1, stride=2)

        def forward(self, x):
            return torch.maximum(self.conv(x), torch.zeros(()))

    return Layer()


# cell: ModernGAPCNN
class ModernGAPCNN(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        widths = np.array([3, 64, 128])
        self.convs = nn.ModuleList()
        for i in range(len(widths) - 1):
            self.convs.append(
                nn.Conv2d(int(widths[i]), int(widths[i + 1]), 3, stride=i + 1, padding=1)
            )
        self.fc = nn.Linear(int(widths[-1]), num_classes)

    def forward(self, x):
        for conv in self.convs:
            x = F.relu_(conv(x))
        return self.fc(torch.einsum("nchw->nc", x) / np.prod(x.shape[2:]))


# cell: count_parameters
def count_parameters(model):
    return int(
        np.sum(
            [np.prod(tuple(p.shape), dtype=np.int64) for p in model.parameters() if p.requires_grad]
        )
    )


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    model.train()
    values, sizes = [], []
    for x, y in loader:
        logits = model(x)
        log_p = logits - logits.logsumexp(dim=1, keepdim=True)
        loss = -log_p.gather(1, y[:, None]).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        values.append(loss.detach().numpy())
        sizes.append(len(y))
    return float(np.average(values, weights=sizes))


# cell: accuracy
def accuracy(model, loader):
    before = model.training
    model.eval()
    with torch.no_grad():
        pairs = [(model(x).numpy().argmax(1), y.numpy()) for x, y in loader]
    model.train(before)
    predicted, wanted = (np.concatenate(part) for part in zip(*pairs))
    return float(np.mean(predicted == wanted))
