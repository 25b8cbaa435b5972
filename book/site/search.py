"""Full-text search over both languages.

Sphinx splits text at spaces, and Korean glues particles to nouns: a search for "풀링" would miss "풀링을". So a
Korean word is indexed with its beginnings ("풀링을": "풀링", "풀링을"), and a query sheds its particle. English is
stemmed as usual. A word written partly in Latin letters ("GAP은") is taken apart first.
"""

from __future__ import annotations

import json
import re

from sphinx.search.en import SearchEnglish

# Particles and endings that a noun carries, longest first.
_PARTICLES = """
에서는 에서도 에서의 까지는 부터는 으로는 으로도 이라는 이라고 입니다 이므로 이지만
에서 에는 에도 에게 까지 부터 보다 처럼 마다 만큼 으로 로는 로도 와는 과는 이란 이나 라는 라고 이며 이고 하고
은 는 이 가 을 를 의 에 로 와 과 도 만 란 나
"""
PARTICLES = tuple(_PARTICLES.split())
# After a single syllable only these surely are particles: 맵을, but not 깊이, 효과, 평가.
_SHORT = frozenset("은는을를의")
_RUN = re.compile(r"[가-힣]+|[^\W가-힣]+")
MAX_PREFIX = 8


def noun(word: str) -> str:
    """`word` without its particle, where what is left is still a word."""
    for particle in PARTICLES:
        stem = word.removesuffix(particle)
        if stem != word and (len(stem) >= 2 or (len(stem) == 1 and particle in _SHORT)):
            return stem
    return word


def index_terms(text: str) -> list[str]:
    """The terms under which `text` can be found."""
    terms: list[str] = []
    for run in _RUN.findall(text):
        terms.append(run)
        if "가" <= run[0] <= "힣":
            terms += [run[:n] for n in range(2, min(len(run), MAX_PREFIX))]
            if len(run) == 2 and len(noun(run)) == 1:
                terms.append(noun(run))
    return terms


_SPLITTER = """
function splitQuery(query) {
  const particles = %s, short = %s;
  const noun = (word) => {
    for (const particle of particles) {
      if (!word.endsWith(particle)) continue;
      const stem = word.slice(0, -particle.length);
      if (stem.length >= 2 || (stem.length === 1 && short.includes(particle))) return stem;
    }
    return word;
  };
  const terms = [];
  for (const word of query.split(/\\s+/)) {
    const runs = word.match(/[\\uAC00-\\uD7A3]+|(?:(?![\\uAC00-\\uD7A3])[\\p{Letter}\\p{Number}_])+/gu) || [];
    runs.forEach((run, i) => {
      const hangul = /[\\uAC00-\\uD7A3]/.test(run);
      if (hangul && i > 0 && particles.includes(run)) return;
      terms.push(hangul ? noun(run) : run);
    });
  }
  return terms;
}
"""


class CourseSearch(SearchEnglish):
    """English stems and Korean beginnings; the same in Python, for the index, and in JavaScript, for the query."""

    lang = "course"
    language_name = "Korean and English"
    js_splitter_code = _SPLITTER % (json.dumps(PARTICLES, ensure_ascii=False), json.dumps(sorted(_SHORT)))

    def split(self, input: str) -> list[str]:
        """Called by Sphinx for each piece of text of a page."""
        return index_terms(input)
