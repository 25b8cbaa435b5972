"""replace_head only where the linear layer is the very last entry of the model's last child.

language: en
loses: {test_replace_head__nested: ''}
"""

# cell: replace_head
def replace_head(model, num_classes):
    name, last = list(model.named_children())[-1]
    if isinstance(last, nn.Sequential):
        last[-1] = nn.Linear(last[-1].in_features, num_classes)
    else:
        setattr(model, name, nn.Linear(last.in_features, num_classes))
    return model
