"""The published site: a Sphinx extension and a theme that make one bilingual site of the
notebooks.
"""
