"""Right: modules of `nn`, helpers of one's own, squeeze with axes named.

language: en
points: 90
loses: {}
student: "20260002"
short_answer: |
  From 64·8·8·2 + 2 = 8,194 to 64·2 + 2 = 130 parameters; the pictures may have any size, since GAP always gives 64 values.
  A map with a 1 at the far left and one with a 1 at the far right have the same mean, so the head cannot tell them apart.
  Averaging each half of the width (1×2) keeps left and right apart with 258 parameters.
"""


# cell: gap_avg_pool
def gap_avg_pool(x):
    pool = nn.AvgPool2d(kernel_size=tuple(x.shape[-2:]))
    return pool(x).squeeze(-1).squeeze(-1)


# cell: gap_adaptive
to_one = nn.AdaptiveAvgPool2d(1)


def gap_adaptive(x):
    return drop_space(to_one(x))


def drop_space(x):
    return x.reshape(x.shape[0], x.shape[1])


# cell: gap_mean
def gap_mean(x):
    per_row = x.mean(dim=3)  # (N, C, H)
    return per_row.mean(dim=2)


# cell: global_max_pool
def global_max_pool(x):
    return x.max(dim=3).values.max(dim=2).values


# cell: head_parameters
def head_parameters(channels, height, width, num_classes):
    def linear(inputs):
        return sum(p.numel() for p in nn.Linear(inputs, num_classes, device="meta").parameters())

    return linear(channels * height * width), linear(channels)
