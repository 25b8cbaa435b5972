"""Starts all layers afresh, so that the pretrained values are lost.

language: en
points: 86
loses:
  test_replace_head__frozen: 'the backbone''s values changed'
"""


# cell: replace_head
def replace_head(model, num_classes):
    name, head = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)][-1]
    model.set_submodule(name, nn.Linear(head.in_features, num_classes))
    for module in model.modules():
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()
    return model
