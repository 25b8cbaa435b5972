"""Knows a head only under the name fc.

language: ko
points: 81
loses:
  test_replace_head: '헤드의 이름은 모델마다 다르고'
  test_replace_head__nested: '헤드의 이름은 모델마다 다르고'
student: "20260009"
"""


# cell: replace_head
def replace_head(model, num_classes):
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    return model
