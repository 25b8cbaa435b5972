"""Right, in the manner of a first attempt that works.

language: ko
points: 90
loses: {}
"""


# cell: downsample
def downsample(in_channels, out_channels):
    # 처음에는 MaxPool을 넣었다가 스트라이드로 바꿈
    layer = nn.Sequential()
    layer.add_module(
        "conv", nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=2, padding=1)
    )
    layer.add_module("relu", nn.ReLU())
    return layer


# cell: ModernGAPCNN
class ModernGAPCNN(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.층1 = nn.Conv2d(3, 64, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
        self.층2 = nn.Conv2d(64, 128, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
        self.분류 = nn.Linear(in_features=128, out_features=num_classes)

    def forward(self, x):
        out = self.층1(x)
        out = F.relu(out)
        out = self.층2(out)
        out = F.relu(out)
        # print(out.shape)
        N, C, H, W = out.shape
        out = out.reshape(N, C, H * W)
        out = torch.sum(out, dim=2) / (H * W)
        out = self.분류(out)
        return out


# cell: count_parameters
def count_parameters(model):
    total = 0
    for p in model.parameters():
        if p.requires_grad == True:
            n = 1
            for s in p.shape:
                n = n * s
            total = total + n
    return total


# cell: train_one_epoch
def train_one_epoch(model, loader, optimizer):
    model.train()
    loss_fn = nn.CrossEntropyLoss(reduction="sum")
    loss_sum = 0
    data_num = 0
    for batch_idx, (data, target) in enumerate(loader):
        optimizer.zero_grad()
        output = model(data)
        loss = loss_fn(output, target) / len(data)
        loss.backward()
        optimizer.step()
        loss_sum = loss_sum + loss.item() * len(data)
        data_num = data_num + len(data)
    평균 = loss_sum / data_num
    return 평균


# cell: accuracy
def accuracy(model, loader):
    mode = model.training
    model.eval()
    correct = 0
    total = 0
    with torch.no_grad():
        for data in loader:
            images, labels = data
            outputs = model(images)
            _, predicted = torch.max(outputs.data, 1)
            for p, l in zip(predicted, labels):
                if p == l:
                    correct += 1
                total += 1
    if mode == True:
        model.train()
    else:
        model.eval()
    return correct / total
