"""Nothing written.

language: ko
points: 0
loses:
  test_gap_avg_pool: "`gap_avg_pool`: 아직 작성하지 않았습니다."
  test_gap_avg_pool__any_size: "`gap_avg_pool`: not written yet."
  test_gap_avg_pool__route: "`gap_avg_pool`: not written yet."
  test_gap_adaptive: "`gap_adaptive`: 아직 작성하지 않았습니다."
  test_gap_adaptive__any_size: "`gap_adaptive`: not written yet."
  test_gap_adaptive__route: "`gap_adaptive`: not written yet."
  test_gap_mean: "`gap_mean`: 아직 작성하지 않았습니다."
  test_gap_mean__layout: "`gap_mean`: not written yet."
  test_gap_mean__route: "`gap_mean`: not written yet."
  test_global_max_pool: "`global_max_pool`: 아직 작성하지 않았습니다."
  test_global_max_pool__gradient: "`global_max_pool`: not written yet."
  test_head_parameters__flatten: "`head_parameters`: 아직 작성하지 않았습니다."
  test_head_parameters__gap: "`head_parameters`: not written yet."
  test_masked_gap: "`masked_gap`: 아직 작성하지 않았습니다."
  test_masked_gap__empty: "`masked_gap`: not written yet."
  test_masked_gap__padding: "`masked_gap`: not written yet."
  test_masked_gap__gradient: "`masked_gap`: not written yet."
  test_GeM: "`GeM`: 아직 작성하지 않았습니다."
  test_GeM__learns: "`GeM`: not written yet."
  test_GeM__large: "`GeM`: not written yet."
  test_GeM__eps: "`GeM`: not written yet."
  test_score_map: "`score_map`: 아직 작성하지 않았습니다."
  test_score_map__ends: "`score_map`: not written yet."
  test_score_map__gradient: "`score_map`: not written yet."
rest: stub
student: "20260003"
"""
