"""Right: the reference solution.

language: ko
points: 90
loses: {}
student: "20260001"
"""
