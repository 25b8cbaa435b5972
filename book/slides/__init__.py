"""Slides of each chapter: `python -m book.slides`, or `make slides`.

    text    sentences, and Markdown as HTML with formulas as MathML
    code    what of a code cell fits on a slide
    deck    a committed notebook becomes slides; the lesson plan decides which come first,
    and goes into the notes
    export  nbconvert writes them as reveal.js pages that need no internet

Nothing runs and nothing is written by hand: headings, predictions, formulas, figures, the key cell
of a section, quizzes and the self-check are taken from the chapter, long prose goes into the
speaker notes. `reveal/` is reveal.js 5.2.1 as npm has it (MIT).
"""
