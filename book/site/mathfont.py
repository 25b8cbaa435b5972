"""The font of the formulas, STIX Two Math with the signs that a course like this one uses alone:
`python -m book.site.mathfont STIXTwoMath.otf` (from https://github.com/stipub/stixfonts) writes it.

Brackets, roots and sums grow only in a font that has a table for it, and few phones have one:
https://www.w3.org/TR/mathml-core/#layout-algorithms. A test says which sign of a formula it lacks.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONT = Path(__file__).parent / "static" / "math.woff"
_LETTERS = "αβγδεζηθικλμνξοπρστυφχψωϵΓΔΘΛΞΠΣΦΨΩℎℝℓ"
_SIGNS = "±×·÷≤≥≠≈≡∝∈∉⊂⊆∪∩∞∂∇√∑∏∫′″…⋯⋮→←↔↦⇒⌊⌋⌈⌉⟨⟩‖∥∣−∗⊙⊗⊕ˆ¯˜̂̄̃⏞⏟"
# What a single letter is drawn with: https://www.w3.org/TR/mathml-core/#italic-mappings
_ITALIC = range(0x1D434, 0x1D468), range(0x1D6E2, 0x1D71C)


def signs() -> set[int]:
    """Code points of the font."""
    italic = {point for points in _ITALIC for point in points}
    return {*range(0x20, 0x7F), *map(ord, _LETTERS + _SIGNS), *italic}


def narrow_roots(font: TTFont) -> None:
    """Make every size of the root sign as wide as the smallest.

    Browsers keep the room of the widest for each of them, which leaves a gap behind the root:
    https://www.w3.org/TR/mathml-core/#dfn-preferred-inline-size-of-a-glyph-stretched-along-the-block-axis
    """
    width = font["hmtx"]["radical"][0]
    for name in larger_roots(font):
        glyph = font["glyf"][name]
        glyph.removeHinting()
        glyph.coordinates.scale((width / font["hmtx"][name][0], 1))
        glyph.coordinates.toInt()
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (width, glyph.xMin)


def larger_roots(font: TTFont) -> list[str]:
    """The glyphs of the root sign behind the smallest, those that it is put together from too."""
    variants = font["MATH"].table.MathVariants
    made = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index("radical")]
    sizes = [record.VariantGlyph for record in made.MathGlyphVariantRecord]
    return [*sizes[1:], *(part.glyph for part in made.GlyphAssembly.PartRecords)]


def write(source: Path, target: Path = FONT) -> None:
    """Write those signs of the font `source`, the tables for formulas and its licence."""
    options = subset.Options(flavor="woff", name_IDs=["*"])
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=signs())
    subsetter.subset(font)
    narrow_roots(font)
    subset.save_font(font, target, options)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
