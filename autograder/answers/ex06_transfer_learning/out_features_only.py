"""Sets the attribute out_features and leaves the weights.

language: ko
points: 77
loses:
  test_replace_head: '가중치는 바뀌지 않습니다'
  test_replace_head__nested: '가중치는 바뀌지 않습니다'
  test_replace_head__frozen: '가중치는 바뀌지 않습니다'
"""


# cell: replace_head
def replace_head(model, num_classes):
    head = [m for m in model.modules() if isinstance(m, nn.Linear)][-1]
    head.out_features = num_classes
    return model
