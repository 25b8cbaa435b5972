"""The course's drawings, by code: `python -m book.drawings` writes them all, `make check` finds
those that are stale.

    canvas    panels,
    shapes and text; one file of panels side by side; colors from the site's style sheet
    facts     sizes and parameters of published networks, computed by building them
    NAME      one drawing or a family: `LABELS` in each language,
    and a function from labels to panels

A drawing NAME becomes `book/site/static/drawings/NAME-ko.svg` and `NAME-en.svg`. Lessons say
`![alt](drawing:NAME)` with the caption on the next line (`book.bilingual.lesson.drawn`); the site
takes the panels out of the file and lets them wrap, so that a panel is never wider than a phone
(`book.site.drawn`).
"""
