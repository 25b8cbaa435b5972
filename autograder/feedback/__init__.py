"""The page that a student gets back, and what an instructor sees beside a hand-in in the
formgrader.
"""
