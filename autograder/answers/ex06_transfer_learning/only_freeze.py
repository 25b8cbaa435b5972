"""Only the first function is written; the rest is left as released.

language: ko
points: 5
loses:
  test_replace_head: '`replace_head`: not written yet.'
  test_replace_head__nested: '`replace_head`: not written yet.'
  test_replace_head__frozen: '`replace_head`: not written yet.'
  test_extract_features: '`extract_features`: not written yet.'
  test_extract_features__eval: '`extract_features`: not written yet.'
  test_extract_features__no_gradients: '`extract_features`: not written yet.'
  test_parameter_groups: '`parameter_groups`: not written yet.'
  test_parameter_groups__trainable: '`parameter_groups`: not written yet.'
  test_keep_batchnorm_frozen: '`keep_batchnorm_frozen`: not written yet.'
  test_keep_batchnorm_frozen__every_kind: '`keep_batchnorm_frozen`: not written yet.'
  test_keep_batchnorm_frozen__rest_trains: '`keep_batchnorm_frozen`: not written yet.'
  test_FrozenBackbone: '`FrozenBackbone`: not written yet.'
  test_FrozenBackbone__frozen: '`FrozenBackbone`: not written yet.'
  test_FrozenBackbone__still: '`FrozenBackbone`: not written yet.'
  test_FrozenBackbone__head: '`FrozenBackbone`: not written yet.'
  test_layerwise_groups: '`layerwise_groups`: not written yet.'
  test_layerwise_groups__without_parameters: '`layerwise_groups`: not written yet.'
  test_layerwise_groups__frozen: '`layerwise_groups`: not written yet.'
  test_unfreeze_last: '`unfreeze_last`: not written yet.'
  test_unfreeze_last__limits: '`unfreeze_last`: not written yet.'
  test_unfreeze_last__whatever_before: '`unfreeze_last`: not written yet.'
rest: stub
student: "20260006"
"""


# cell: freeze
def freeze(model):
    for p in model.parameters():
        p.requires_grad = False
    return model
