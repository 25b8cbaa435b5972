"""One bilingual source to two editions: parse, check, split, execute once, write. `python -m
book.bilingual --help`.
"""
