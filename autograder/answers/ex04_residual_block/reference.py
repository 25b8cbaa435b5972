"""The reference solution itself.

language: en
points: 90
loses: {}
"""
