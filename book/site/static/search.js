// The search: sections, not pages. Loaded when it is first wanted; see book/site/search.py for what the index holds.
"use strict";

const courseSearch = (() => {
  const HANGUL = /[\uAC00-\uD7A3]/;
  const RUN = /[\uAC00-\uD7A3]+|[a-z0-9_]+(?:[.\-+/][a-z0-9_]+)*/g;
  // Longest first; the same list as in book/site/terms.py, which a test compares.
  const PARTICLES = ("에서는 에서도 에서의 까지는 부터는 으로는 으로도 이라는 이라고 입니다 이므로 이지만 " +
    "에서 에는 에도 에게 까지 부터 보다 처럼 마다 만큼 으로 로는 로도 와는 과는 이란 이나 라는 라고 이며 이고 하고 " +
    "은 는 이 가 을 를 의 에 로 와 과 도 만 란 나").split(" ");
  // What questions are made of says nothing about where the answer stands.
  const EMPTY = new Set(("the a an of to in is are be do does did how what why when where which and or for with on it its i my we you " +
    "can could should would vs there this that about from by as at if not " +
    "왜 무엇 무엇을 무엇이 뭐 뭘 무슨 어떻게 언제 어디 어디서 하는 하는지 하나요 되나요 인가요 일까요 차이 방법 법 뭔가요 무엇인가요 뭐예요 뭐에요 뭐죠 뭐지 뭐야 뭐임 뭔지 무엇인지 무엇이죠 알려줘 알려주세요 궁금해요 뜻 의미 " +
    "몇 몇개 몇개나 몇개로 몇개인가요 개 개로 얼마나 이유 까닭 대신 말고 때 일때 경우 것 거 수 등 좀 더 및 또는 너무 매우 아주 정말 진짜 꼭 항상 그냥 혹시").split(" "));
  // What is asked of the things named (써요, 달라도, 안하면, 돌렸나, use), or how many, rarely stands in the text as it is typed.
  const LIGHT = /(?:나요|까요|가요|[어아여해돼워]요|니까|[하되]면|으면|려면|[어아해라]도|[했었았렸되하있없]나|는지|은지|을지|[할될]때|는데|은데|해서|[는한된은인]가)$|^(?:한|두|세|네|여러)(?:개|가지|장|번)?[를로의]?$|^(?:쓰|사용|필요)|^(?:us(?:e|es|ed|ing)|needs?|makes?|gets?|happens?|means?|meaning|works?|many|much|no|without|before|after|when|only|some|any|all|each|every|between|during|into|too|more|less|very)$/;
  // What a question asks for shows in titles: why, by what its object saves or brings; how, by what is made by hand.
  const ASKED = [
    [/^(?:왜|이유|까닭|why|reason|purpose)$/, /왜|까닭|이유|줄이는|좋아|도왔|\b(?:why|saves?|brings?|help(?:s|ed)?)\b/i],
    [/^(?:어떻게|방법|법|how)$/, /손으로|만들기|만드는|하는 법|읽는 법|\b(?:how to|by hand|making|step by step)\b/i],
    [/^(?:차이|비교|vs|versus|difference|compare|or)$/, /[이느]?냐|차이|비교|다를|사이|나을|\b(?:or|against|versus|difference|between|better)\b/i],
    [/^(?:몇.*|개수|갯수|얼마나|many|number)$/, /숫자|몇|개수|[터자]의? 수|\b(?:numbers|how many|counting|parameters)\b/i],
  ];

  // Sections that name everything and explain nothing.
  const BESIDE = /^(?:다음으로|참고 문헌|정리|기억할 것|스스로 확인하기|스스로 점검하기|서술형.*|모든 연구|Next|References|Summary|What to remember|Check yourself|Short answer.*|All studies)$/;

  // Chapters explain; assignments ask; pages of instructors and references name what the chapters explain.
  const KINDS = [[/\/ch\d/, 1], [/\/(?:welcome|project)\./, 0.9], [/\/(?:ex\d|beyond|how_we_know)/, 0.8],
    [/\/(?:references|instructors)\./, 0.5], [/\/lesson_plans\./, 0.3], [/./, 0.7]];

  // Who types no more than a name of code (nn.MaxPool2d, max_pool2d) asks what it does; assignments have it written anew.
  const NAMED = /^\s*[A-Za-z]\w*(?:[a-z]\d*[A-Z]|[._])\w+(?:\.\w+)*(?:\(.*\))?\s*$/;

  // Who speaks of students, papers or seeds looks for the pages about them.
  const ABOUT = [
    [/수업|차시|학생|조교|교수|채점|성적|학기|강의안|숙제|^(?:homeworks?|lectures?|lessons?|students?|teach(?:es|ing)?|instructors?|gradebook|semesters?|syllabus|slides?|tas?)$/,
      ({ page }) => /\/(?:instructors|lesson_plans)\./.test(page), 2],
    [/논문|출처|인용|문헌|레퍼런스|^(?:papers?|cit(?:e[sd]?|ations?)|references?|arxiv|bibliography)$/,
      ({ page, title }) => /\/references\./.test(page) || /^(?:참고 문헌|References)$/.test(title), 2.5],
    [/시드|재현|우연|^(?:seeds?|reproduc\w*|luck)$/, ({ page }) => /\/how_we_know\./.test(page), 2],
  ];

  const plain = (text) => text.normalize("NFKC").toLowerCase().replaceAll("×", "x").replace(/[‐‑–—]/g, "-");
  const tight = (text) => plain(text).replace(/[\s\-_.·,:;?!()'"]/g, "");

  // The keys that a Korean keyboard was pressed for, so that a syllable in the making begins what it may become: 핪 is on the
  // way to 합성곱 as 합ㅅ is.
  const FINALS = "ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ".normalize("NFKD").split(" ");
  const VOWELS = { ㅘ: "ㅗㅏ", ㅙ: "ㅗㅐ", ㅚ: "ㅗㅣ", ㅝ: "ㅜㅓ", ㅞ: "ㅜㅔ", ㅟ: "ㅜㅣ", ㅢ: "ㅡㅣ" };
  const PRESSED = new Map([
    ...FINALS.map((keys, i) => [String.fromCodePoint(0x11a8 + i), keys]),
    ...Object.entries(VOWELS).map((pair) => pair.map((vowel) => vowel.normalize("NFKD"))),
  ]);
  const pressed = (text) => text.normalize("NFKD").replace(/[\u116A-\u1174\u11A8-\u11C2]/g, (sound) => PRESSED.get(sound) ?? sound);

  // The anchor of most headings, as book/site/search.py makes it.
  const slug = (title) => title.toLowerCase().replaceAll(" ", "-").replace(/[^\p{L}\p{N}_-]/gu, "");

  // English words lose the endings that inflect and derive them, much as Porter's: "pooled", "pools" and "pooling" are one, as are
  // "normalise" and "normalization", but "grading" is not "grad".
  const short = (word) => (/^[^aeiou]*[aeiouy][^aeiouwxy]$/.test(word) && word.length > 2 ? `${word}e` : word);
  const stem = (word) => {
    if (word.length < 4 || /\d|^(?:perhaps|always|besides|whereas|canvas)$/.test(word)) return word; // no plurals
    let rest = word.replace(/(..)ies$/, "$1y").replace(/sses$/, "ss").replace(/([^aisu]|[^i]a)s$/, "$1").replace(/our$/, "or").replace(/is(?=e$|ed$|er$|ing$|ation$|able$)/, "iz");
    const cut = rest.replace(/(?:ing|ed)$/, "");
    if (cut !== rest && /[aeiouy]/.test(cut) && cut.length > 2) rest = cut.length > 3 && /([^aeiouls])\1$/.test(cut) ? cut.slice(0, -1) : short(cut);
    for (const ending of ["ation", "able", "ate", "at", "ance", "ant", "er", "ly"]) {
      if (!rest.endsWith(ending)) continue;
      const left = rest.slice(0, -ending.length);
      if (left.length >= (ending === "er" || ending === "ly" ? 3 : ending === "ance" || ending === "ant" ? 6 : 5)) rest = left.replace(/([^aeiouls])\1$/, "$1");
      break;
    }
    return rest.endsWith("e") && short(rest.slice(0, -1)) !== rest ? rest.slice(0, -1) : rest;
  };

  const noun = (word) => {
    for (const particle of PARTICLES) {
      if (!word.endsWith(particle)) continue;
      const rest = word.slice(0, -particle.length);
      if (rest.length >= 2 || (rest.length === 1 && ["마다", "에서", "부터", "까지", ..."은는을를의"].includes(particle))) return rest;
    }
    return word;
  };

  // The words of a query, without the particles and counters that follow Latin letters and digits (GAP를, 0으로, fc층).
  const wordsOf = (query) => {
    const text = plain(query).replace(/[\u3131-\u318E]+\s*$/, "").replace(/(?<=[\uAC00-\uD7A3]{2})(?<![할될])때(?=\s|$)/g, " ");
    const runs = [...text.matchAll(RUN)];
    const kept = runs.filter((run) => !((PARTICLES.includes(run[0]) || /^[일인층]$/.test(run[0])) && /[a-z0-9)]/.test(text[run.index - 1] ?? "")));
    return (kept.length ? kept : runs).map((run) => run[0]);
  };

  // Pairs of syllables. Across a single space, too: 전역 평균 풀링 and 전역평균풀링 are one.
  const pairs = (run) => {
    if (run.length <= 1) return [run].filter(Boolean);
    const found = [];
    for (let i = 0; i + 1 < run.length; i += 1) found.push(run.slice(i, i + 2));
    return found;
  };

  const latin = (run) => {
    const parts = run.split(/[.\-_+/]/).filter(Boolean);
    const found = parts.map(stem);
    if (parts.length > 1) found.push(run, parts.join(""));
    return found;
  };
  // VGG16 and Conv2d are found by "vgg" and "conv", too.
  const numbered = (run) => run.match(/^([a-z]{3,})\d+d?$/)?.slice(1).map(stem) ?? [];

  const camel = (text) => text.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2");

  // The tokens of a text: of Korean words pairs of syllables, of others stems and, where two follow each other, both.
  const tokens = (text) => {
    const found = [];
    let last = "";
    let word = "";
    for (const run of plain(text).match(RUN) ?? []) {
      if (HANGUL.test(run)) {
        const bare = noun(run);
        if (bare.length === 1) found.push(bare);
        if (run.length > 1) found.push(...pairs(run));
        if (last) found.push(last + run[0]);
        last = run.at(-1);
        word = "";
      } else {
        const list = latin(run);
        found.push(...list, ...numbered(run));
        if (word) found.push(`${word} ${list[0]}`);
        word = list.length === 1 ? list[0] : "";
        last = "";
      }
    }
    return found;
  };
  // Words of a code name are found as well as the name: AdaptiveAvgPool2d by "avg pool".
  const codeTokens = (text) => [...tokens(text), ...tokens(camel(text))];

  const SENTENCE = /(?<=[.?!”])\s+/;
  const WEIGHTS = { title: 6, page: 2.5, text: 1, code: 0.4, asked: 2 };
  const K = 1.2;
  const ALIKE = 3; // how much it counts that a query is, for more than FROM, one of a section's questions
  const FROM = 0.5;
  const editions = {};

  // Indexes in the making: a page's own is made in short pieces as soon as it arrives, the other when it is asked.
  const making = {};
  const SLICE = 8; // ms, so that the page answers meanwhile

  const add = (data) => {
    making[data.lang] = index(data);
    if (data.lang === document.documentElement.lang) advance(data.lang);
  };

  const advance = (lang) => {
    const until = performance.now() + SLICE;
    while (making[lang] && performance.now() < until) if (making[lang].next().done) delete making[lang];
    if (making[lang]) setTimeout(advance, 0, lang);
  };

  // The index of a language, whole; undefined if its file has not come.
  const editionOf = (lang) => {
    while (making[lang]) if (making[lang].next().done) delete making[lang];
    return editions[lang];
  };

  // Columns come as text, a line for each entry, with tabs between what is a list.
  const lines = (columns) => Object.fromEntries(Object.entries(columns).map(([field, text]) => [field, text.split("\n")]));
  const listed = (line) => (line ? line.split("\t") : []);
  // The ways of writing a term: "전역 평균 풀링(GAP)" without the parenthesis, too, and as "GAP"; as in book/site/terms.py.
  const written = (name) => [name, name.replace(/\s*\([^)]*\)/g, ""), ...(name.match(/\(([^)]+)\)$/)?.slice(1) ?? [])];

  const index = function* (data) {
    const sections = [];
    const { a, x, t, f, q, c } = lines(data.sections);
    for (const page of data.pages) {
      for (let at = 0; at < page.n; at += 1) {
        const i = sections.length;
        sections.push({
          page: page.p, pageTitle: page.t, anchor: a[i] || slug(t[i]), title: t[i], text: x[i], folded: f[i], code: c[i], asked: listed(q[i]),
          first: at === 0,
          lesson: KINDS.find(([kind]) => kind.test(page.p))[1] * (BESIDE.test(t[i]) ? 0.4 : 1) * (x[i].length + f[i].length < 100 ? 0.8 : 1),
        });
      }
    }
    const postings = new Map();
    const words = new Map(); // Korean words → how often
    const keystrokes = new Map(); // and → the keys pressed for them
    let total = 0;
    for (const [number, section] of sections.entries()) {
      const counts = new Map();
      const count = (list, weight) => {
        for (const token of list) counts.set(token, (counts.get(token) ?? 0) + weight);
        return list.length;
      };
      const sentences = [section.text, section.folded].flatMap((text) => text.split(SENTENCE)).map(tokens);
      const code = codeTokens(section.code);
      section.size = sentences.reduce((sum, list) => sum + count(list, WEIGHTS.text), 0) + count(code, WEIGHTS.code);
      // What readers ask counts as much however often, and is no part of how long the section is.
      const asked = section.asked.map(tokens);
      for (const token of new Set(asked.flat())) counts.set(token, (counts.get(token) ?? 0) + WEIGHTS.asked);
      section.sentences = [...sentences, code, ...asked].map((list) => new Set(list));
      section.questions = asked.map((list) => new Set(list));
      section.heading = new Set(codeTokens(section.title));
      count(codeTokens(section.title), WEIGHTS.title);
      count(codeTokens(section.pageTitle), WEIGHTS.page);
      total += section.size;
      section.tight = tight(section.title);
      const named = section.title.split(/\s+/);
      section.begins = named.map((_, i) => pressed(tight(named.slice(i).join(""))));
      for (const run of `${section.title} ${section.text} ${section.folded}`.match(/[\uAC00-\uD7A3]+/g) ?? []) {
        const word = noun(run);
        words.set(word, (words.get(word) ?? 0) + 1);
        if (!keystrokes.has(word)) keystrokes.set(word, pressed(word));
      }
      for (const [token, weight] of counts) {
        if (!postings.has(token)) postings.set(token, []);
        postings.get(token).push([number, weight]);
      }
      yield;
    }
    // Each way of writing a term, and its names in this language, short form and long.
    const glossary = lines(data.terms);
    const terms = glossary.t.filter(Boolean).map((term, i) => {
      const [other, english] = [glossary.o[i], data.lang === "en" ? term : glossary.o[i]];
      return {
        a: `term-${plain(english).replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}`, t: term, o: other, d: glossary.d[i],
        n: [...written(term), ...written(other), ...listed(glossary.n[i])],
        names: [...new Set(term.split(/[()]/).map((name) => name.trim()).filter(Boolean))],
      };
    });
    const keys = new Map();
    for (const term of terms) for (const name of term.n) if (!keys.has(tight(name))) keys.set(tight(name), term);
    const begins = [...keys].map(([name, term]) => ({ begins: pressed(name), name, term, own: term.names.find((way) => tight(way) === name) }));
    const same = data.same.map((group) => group.map((word) => ({ word, tight: HANGUL.test(word) ? tight(word) : stem(word) })));
    editions[data.lang] = { lang: data.lang, glossary: data.glossary, sections, postings, words, keystrokes, mean: total / Math.max(1, sections.length), keys, begins, same };
  };

  // Jamo, so that a slip in one sound of a syllable is one slip.
  const heard = new Map();
  const jamo = (text) => {
    if (!heard.has(text)) heard.set(text, text.normalize("NFD"));
    return heard.get(text);
  };
  const near = (a, b) => {
    // Whether `a` becomes `b` by one insertion, deletion, substitution or swap.
    if (Math.abs(a.length - b.length) > 1) return false;
    let i = 0;
    while (i < a.length && i < b.length && a[i] === b[i]) i += 1;
    const restA = a.slice(i), restB = b.slice(i);
    return restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1) ||
      (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2));
  };

  // Every token of the index that an unfinished last token may become.
  const completions = (edition, token) => {
    const found = [];
    if (HANGUL.test(token)) {
      const code = token.codePointAt(token.length - 1) - 0xac00;
      if (code < 0 || code % 28 !== 0) return found;
      for (let final = 1; final < 28; final += 1) {
        const whole = token.slice(0, -1) + String.fromCodePoint(0xac00 + code + final);
        if (edition.postings.has(whole)) found.push(whole);
      }
    } else if (token.length >= 2) {
      for (const known of edition.postings.keys()) if (known.startsWith(token) && known !== token && !known.includes(" ")) found.push(known);
    }
    return found.slice(0, 40);
  };

  const misspelt = (edition, token) => {
    if (HANGUL.test(token) || token.length < 4) return [];
    return [...edition.postings.keys()].filter((known) => known.length > 3 && known[0] === token[0] && !known.includes(" ") && near(token, known)).slice(0, 8);
  };

  // The word of the course that an unknown Korean word of the same length most likely is, by one slip in a sound: 과재, 과제.
  const meantBy = (edition, word) => {
    if (word.length < 2 || edition.words.has(word)) return "";
    const sounds = jamo(word);
    let [best, most] = ["", 3];
    for (const [known, count] of edition.words) {
      if (count > most && known.length === word.length && near(sounds, jamo(known))) [best, most] = [known, count];
    }
    return best;
  };

  // 더하기 is found where 더하면 stands; 기울기, a noun of the course, stays whole.
  const root = (edition, word) => (word.length > 2 && word.endsWith("기") && (edition.words.get(word) ?? 0) < 20 ? word.slice(0, -1) : word);

  // The course may call the same object otherwise: model.eval() is net.eval().
  const OBJECT = /^(?:model|net|x|self|torch|nn|f)\.(?=[a-z])/;

  // The glossary's term that is spelt as `key`, and how well: by a name, or by one slip from a name.
  const termOf = (edition, key) => {
    const known = edition.keys.get(key);
    return known ? { term: known, share: 0.95 } : undefined;
  };
  const slipOf = (edition, key) => {
    if (key.length < 4) return undefined;
    const sounds = jamo(key);
    for (const [known, term] of edition.keys) {
      if (HANGUL.test(key) === HANGUL.test(known) && (HANGUL.test(key) ? near(sounds, jamo(known)) : near(key, known))) return { term, share: 0.7 };
    }
    return undefined;
  };

  // How much the course speaks of a name: as often as of the rarest of its tokens.
  const spokenOf = (edition, name) => Math.min(...tokens(name).map((token) => (edition.postings.get(token) ?? []).reduce((sum, [, count]) => sum + count, 0)));

  // What a query still being typed may become: the glossary's terms, of the page's language first, those that the course speaks of
  // most, and longer forms of one after it; the sections with a word of whose title it begins; Korean words. It is the whole
  // query, or its last words (왜 정규) where these are none yet. A query that says something as it stands is `known`.
  const begunOf = (edition, query) => {
    const typed = plain(query).trim().split(/\s+/);
    const last = typed.at(-1);
    const runs = wordsOf(last);
    const unfinished = /[\u1100-\u1175]$/.test(last);
    const syllable = last.length === 1;
    const known = !unfinished && !syllable && runs.some((run) => (HANGUL.test(run) ? edition.words.has(noun(run)) : edition.postings.has(stem(run))));
    for (let from = Math.max(0, typed.length - 5); from < typed.length; from += 1) {
      if (from && (known || EMPTY.has(last))) return undefined;
      const name = tight(typed.slice(from).join(""));
      const keys = pressed(name);
      if (!keys || (!unfinished && edition.keys.has(name))) return undefined;
      const best = new Map();
      for (const { begins, name, term, own } of edition.begins) {
        if (!begins.startsWith(keys)) continue;
        const much = own ? 1 + spokenOf(edition, own) : -1 / (1 + spokenOf(edition, shortest(term)));
        if (!(best.get(term)?.much >= much)) best.set(term, { term, name, much });
      }
      const all = [...best.values()];
      // Misspellings and loan words are for those who know no other name, and say little at the first letter.
      const native = /[\u1100-\u1175]/.test(keys) === (edition.lang === "ko") && (keys.length < 3 || all.some(({ much }) => much > 0));
      const ways = native ? all.filter(({ much }) => much > 0) : all;
      for (const way of ways) way.longer = ways.some(({ name }) => name !== way.name && way.name.startsWith(name));
      ways.sort((a, b) => (b.much > 0) - (a.much > 0) || a.longer - b.longer || b.much - a.much);
      if (!unfinished && !ways.length && edition.keys.has(noun(name))) return undefined; // 풀링을
      const titled = new Map();
      for (const [number, { begins }] of edition.sections.entries()) {
        const at = begins.findIndex((name) => name.startsWith(keys));
        if (at >= 0) titled.set(number, at ? 0.8 : 1);
      }
      const words = [];
      if (from === typed.length - 1 && /[\u1100-\u1175]/.test(keys)) {
        for (const [word, spelt] of edition.keystrokes) if (spelt.startsWith(keys)) words.push(word);
        words.sort((a, b) => edition.words.get(b) - edition.words.get(a));
      }
      if (ways.length || ((!from || unfinished) && (titled.size || words.length))) {
        return { from: typed.slice(0, from).join(" "), raw: wordsOf(typed.slice(from).join(" ")), terms: ways.slice(0, 3).map(({ term }) => term), titled, words: words.slice(0, 4), known, unfinished };
      }
    }
    return undefined;
  };

  const shortest = (term) => term.t.replace(/\s*\([^)]*\)/g, "");
  // What makes a verb of a noun: 풀링하면.
  const VERB = /^[하되시한된할될해돼했됐]/;

  // The words of a query, cut where the glossary cuts: a term of several words is one (batch norm), and a compound that holds
  // a term is two (맥스풀역전파). `term` is the term, if it is one; `raw` how it was typed.
  const partsOf = (edition, query) => {
    const words = wordsOf(query);
    const joined = (from, to) => tight([...words.slice(from, to - 1), HANGUL.test(words[to - 1]) ? noun(words[to - 1]) : words[to - 1]].join(""));
    const found = [];
    const inside = (run) => {
      const letters = noun(run);
      for (let length = letters.length - 1; length > 1; length -= 1) {
        for (let from = 0; from + length <= letters.length; from += 1) {
          const key = letters.slice(from, from + length);
          const known = termOf(edition, key);
          if (known) return { ...known, before: letters.slice(0, from), key, after: letters.slice(from + length) };
        }
      }
      return undefined;
    };
    for (let from = 0; from < words.length;) {
      let to = Math.min(words.length, from + 5);
      let known;
      for (; to > from; to -= 1) {
        if (to === from + 1 && EMPTY.has(words[from])) { to = from; break; }
        known = termOf(edition, joined(from, to)) ?? termOf(edition, tight(words.slice(from, to).join("")));
        if (known) break;
      }
      if (known) {
        found.push({ raw: words.slice(from, to), ...known });
        from = to;
        continue;
      }
      const run = words[from];
      from += 1;
      const part = HANGUL.test(run) && !EMPTY.has(run) ? inside(run) : undefined;
      // A term with one slip, which the course never writes: 맥스플링.
      const slip = HANGUL.test(run) && !part && !edition.words.has(noun(run)) ? slipOf(edition, noun(run)) : undefined;
      if (slip) { found.push({ raw: [run], ...slip }); continue; }
      if (!part || (LIGHT.test(run) && !VERB.test(part.after))) { found.push({ raw: [run] }); continue; }
      // 피처맵 holds 피처, and what it becomes, 특징 맵, is a term of its own.
      const whole = termOf(edition, part.before + tight(shortest(part.term)) + part.after);
      if (whole) { found.push({ raw: [run], ...whole }); continue; }
      if (part.before.length === 1 || part.after.length === 1) {
        found.push({ raw: [run], said: part.before + tight(shortest(part.term)) + part.after });
        continue;
      }
      if (part.before) found.push({ raw: [part.before] });
      found.push({ raw: [part.key], term: part.term, share: part.share });
      if (part.after && !VERB.test(part.after)) found.push({ raw: [part.after] });
    }
    // One slip in the whole query.
    if (!found.some(({ term }) => term)) {
      const slip = slipOf(edition, joined(0, words.length));
      if (slip) return [{ raw: words, ...slip }];
    }
    return found;
  };

  // Other words for a word of the query, as lists of tokens. A Korean word of a group stands for all that begin with it, unless
  // they are a term: 학습률 is not 학습.
  const synonyms = (edition, word, term) => {
    const own = HANGUL.test(word) ? noun(word) : stem(word);
    const is = (other) => own === other.tight || (!term && HANGUL.test(word) && other.tight.length > 1 && word.startsWith(other.tight));
    return edition.same.filter((group) => group.some(is)).flat().filter((other) => !is(other)).map((other) => tokens(other.word));
  };

  // Of a dotted name each part may stand alone in the text, but not these.
  const CODE = /^(?:torch|nn|f|self|np|plt|\d*)$/;
  // Of a compound that the course does not write as one, the words alone count: noise-only.
  const latinIn = (edition, run) => {
    const list = latin(run);
    return list.length > 1 && !edition.postings.has(list.at(-1)) ? list.slice(0, -2) : list;
  };
  const slots = (list, share) => list.map((token) => [[token, share]]);

  // A query as units that should all be found; each unit can be found in several ways, each a list of tokens, each token a list
  // of alternatives.
  const unitsOf = (edition, query, begun) => {
    const all = begun ? [...partsOf(edition, begun.from), { raw: begun.raw, begun }] : partsOf(edition, query);
    const empty = ({ raw, term, begun }) => !term && !begun && raw.every((run) => EMPTY.has(run));
    const used = all.every(empty) ? all : all.filter((part) => !empty(part));
    const light = ({ raw, term, begun }) => !term && !begun && raw.length === 1 && LIGHT.test(raw[0]) && !synonyms(edition, raw[0]).length;
    const asked = used.length > 1 && !used.every(light);
    return used.map((part, at) => {
      const last = at === used.length - 1;
      const ways = [];
      const runs = part.raw;
      const own = runs.flatMap((run, i) => {
        const hangul = HANGUL.test(run);
        const list = hangul ? pairs(root(edition, noun(run))) : latinIn(edition, run.replace(OBJECT, ""));
        return list.map((token, j) => {
          const options = [[token, part.begun?.terms.length ? 0.4 : 1]];
          // 값을 is 값, but 적을 is no noun
          if (hangul && token.length === 1 && run.length > 1) options.push([run.slice(0, 2), 1]);
          if (last && i === runs.length - 1 && j === list.length - 1) for (const more of completions(edition, hangul ? token : run)) options.push([more, 0.7]);
          if (!hangul && !edition.postings.has(token) && options.length === 1) {
            for (const more of misspelt(edition, token)) options.push([more, 0.6]);
          }
          return options;
        });
      });
      if (!part.begun?.unfinished) ways.push({ slots: own, full: 0, share: 1 });
      if (part.begun) ways.push(...waysOf(edition, part.begun));
      // Who writes non-contiguous may find "not contiguous", and "noise only" who writes noise-only.
      if (runs.length === 1 && /^[a-z]+(?:-[a-z]+)+$/.test(runs[0])) {
        const parts = runs[0].split("-").filter((name) => !EMPTY.has(name) && name.length > 3);
        if (parts.length) ways.push({ slots: slots(parts.map(stem), 0.9), full: 1, share: 0.9 });
      }
      if (OBJECT.test(runs[0])) ways.push({ slots: slots(latin(runs[0]), 1), full: 0, share: 1 });
      else if (runs.length === 1 && runs[0].includes(".")) {
        for (const name of runs[0].split(".")) if (!CODE.test(name)) ways.push({ slots: slots(latin(name), 0.5), full: 1, share: 0.7 });
      }
      if (part.said) ways.push({ slots: slots(tokens(part.said), 0.95), full: 0, share: 0.95 });
      if (part.term) {
        for (const name of part.term.names) ways.push({ slots: slots(tokens(name), part.share), full: 0.6, share: part.share });
      }
      if (runs.length === 1) {
        const known = own.some((options) => options.some(([token]) => edition.postings.has(token)));
        const mended = HANGUL.test(runs[0]) && !part.term ? meantBy(edition, noun(runs[0])) : "";
        if (mended) ways.push({ slots: slots(pairs(mended), 0.9), full: 1, share: 0.9 });
        const others = [...synonyms(edition, runs[0], part.term), ...(mended ? synonyms(edition, mended) : [])];
        for (const list of others) ways.push({ slots: slots(list, known ? 0.5 : 0.9), full: 1, share: 0.85 });
      }
      return { ways, light: asked && light(part), part };
    });
  };

  // What each section has of a unit found one way: its score, and the share of the tokens.
  const scored = (edition, way) => {
    if (way.found) return way.found;
    const n = edition.sections.length;
    const parts = new Map();
    let whole = 0;
    for (const options of way.slots) {
      const best = new Map();
      let most = 0;
      for (const [token, share] of options) {
        const list = edition.postings.get(token);
        if (!list) continue;
        const rarity = Math.log(1 + (n - list.length + 0.5) / (list.length + 0.5));
        most = Math.max(most, rarity);
        for (const [number, count] of list) {
          const size = 0.6 + 0.4 * edition.sections[number].size / edition.mean;
          const gain = share * rarity * count * (K + 1) / (count + K * size);
          best.set(number, Math.max(best.get(number) ?? 0, gain));
        }
      }
      const weight = HANGUL.test(options[0][0]) ? 1 : most;
      for (const [number, gain] of best) {
        const [sum, hits] = parts.get(number) ?? [0, 0];
        parts.set(number, [sum + gain, hits + weight]);
      }
      whole += weight;
    }
    for (const [number, [sum, hits]] of parts) {
      const share = hits / whole;
      if (share < way.full) parts.delete(number);
      else parts.set(number, [sum * share ** 2 / Math.sqrt(way.slots.length), share * way.share]);
    }
    return parts;
  };

  // The ways in which what is begun is found.
  const waysOf = (edition, { terms, titled, words }) => {
    const rarity = Math.log(1 + (edition.sections.length - titled.size + 0.5) / (titled.size + 0.5));
    return [
      ...terms.map((term, i) => ({ slots: slots(tokens(shortest(term)), 0.95 - 0.15 * i), full: 0.6, share: 0.95 - 0.15 * i })),
      { slots: [], found: new Map([...titled].map(([number, share]) => [number, [3 * share * rarity, share]])) },
      ...words.map((word) => ({ slots: slots(pairs(word), 0.5), full: 1, share: 0.6 })),
    ];
  };

  // How much of the query stands in tokens.
  const stands = (units, worths, has) => {
    let sum = 0;
    for (const { ways, worth } of units) {
      let best = 0;
      for (const { slots, of, share } of ways) {
        let hits = 0;
        for (const options of slots) hits += options.some(has) ? 1 : 0;
        best = Math.max(best, share * (hits / of) ** 2);
      }
      sum += worth * best;
    }
    return sum / worths;
  };

  // The units with those tokens only that a section has somewhere: of all synonyms, a few.
  const present = (section, units) => {
    section.tokens ??= new Set([section.heading, ...section.sentences].flatMap((set) => [...set]));
    const had = (options) => options.map(([token]) => token).filter((token) => section.tokens.has(token));
    const kept = (ways) => ways.map(({ slots, share }) => ({ slots: slots.map(had).filter((options) => options.length), of: slots.length, share }));
    return units.map(({ ways, worth }) => ({ worth, ways: kept(ways).filter(({ slots }) => slots.length) })).filter(({ ways }) => ways.length);
  };

  // How much of the query stands in the title of a section, how much in one sentence and the title, and in which sentence.
  const closest = (section, asked, worths) => {
    const { sentences, heading } = section;
    const units = present(section, asked);
    const title = stands(units, worths, (token) => heading.has(token));
    let [most, at] = [title, 0];
    for (const [number, sentence] of sentences.entries()) {
      const much = stands(units, worths, (token) => sentence.has(token) || heading.has(token));
      if (much > most) [most, at] = [much, number];
    }
    return { title, most, at };
  };

  // How much a query, its question words included, is one of the questions that a section answers: Dice's coefficient.
  const alike = (section, query) => {
    let most = 0;
    for (const question of section.questions) {
      let both = 0;
      for (const token of question) both += query.has(token) ? 1 : 0;
      most = Math.max(most, 2 * both / (question.size + query.size));
    }
    return most;
  };

  // BM25 over sections, times the share of the query that a section has, times how much of it stands in one sentence and in
  // the title.
  const rank = (edition, query, units) => {
    const scores = new Map();
    let worths = 0;
    for (const unit of units) {
      unit.worth = unit.light ? 0.15 : /^[\uAC00-\uD7A3]$/.test(noun(unit.part.raw.join(""))) ? 0.5 : 1;
      worths += unit.worth;
      const best = new Map();
      for (const [at, way] of unit.ways.entries()) {
        for (const [number, [sum, share]] of scored(edition, way)) {
          if (unit.light && at === 0 && share < 1) continue;
          const [most, much] = best.get(number) ?? [0, 0];
          best.set(number, [Math.max(most, sum) + 0.35 * Math.min(most, sum), Math.max(much, share)]);
        }
      }
      // What a page says at its top holds for all of its sections.
      for (const [number, [, share]] of [...best]) {
        if (!edition.sections[number].first || share < 0.8) continue;
        for (let other = number + 1; edition.sections[other]?.page === edition.sections[number].page; other += 1) {
          const [sum, much] = best.get(other) ?? [0, 0];
          best.set(other, [sum, Math.max(much, 0.4)]);
        }
      }
      for (const [number, [sum, share]] of best) {
        const [total, much] = scores.get(number) ?? [0, 0];
        scores.set(number, [total + unit.worth * sum, much + unit.worth * share]);
      }
    }
    // "why pooling" and "풀링 차이" name the section "Pooling", but "hand in" is not "hand".
    const runs = wordsOf(query);
    const about = ABOUT.filter(([says]) => runs.some((run) => says.test(run)));
    const named = NAMED.test(query);
    const hints = ASKED.filter(([asks]) => runs.some((run) => asks.test(run))).map(([, shows]) => shows);
    const from = runs.findIndex((run) => !EMPTY.has(run));
    const to = runs.findLastIndex((run) => !EMPTY.has(run) || !HANGUL.test(run));
    const typed = from < 0 ? tight(query) : tight(runs.slice(from, to + 1).join(" "));
    const spoken = (part, name) => (part.term ? name : part.raw.map((run) => (HANGUL.test(run) ? noun(run) : run)).join(" "));
    const meant = units.filter(({ light }) => !light).map(({ part }) => part);
    const wanted = new Set([typed, tight(meant.map((part) => spoken(part, part.raw.join(" "))).join(" "))]);
    wanted.add(tight(meant.map((part) => spoken(part, part.term && shortest(part.term))).join(" ")));
    for (const { begun } of meant) if (begun?.terms.length) wanted.add(tight(shortest(begun.terms[0])));
    const result = [];
    for (const [number, [total, much]] of scores) {
      const section = edition.sections[number];
      let score = total * (much / worths) ** 2 * section.lesson;
      if (named && /\/ex\d/.test(section.page)) score *= 0.5;
      for (const [, belongs, factor] of about) if (belongs(section)) score *= factor;
      if (hints.some((shows) => shows.test(section.title))) score *= 2.5;
      if (hints.length && section.first) score *= 0.7;
      else {
        let more = 1;
        for (const name of wanted) {
          if (name.length > 1 && section.tight.includes(name)) more = Math.max(more, (section.tight === name ? 2.2 : 1.5) * (section.first ? 1.3 : 1));
        }
        score *= more;
      }
      result.push({ number, score });
    }
    result.sort((a, b) => b.score - a.score);
    const said = new Set(tokens(query));
    for (const hit of result.slice(0, 60)) {
      const section = edition.sections[hit.number];
      const { title, most, at } = closest(section, units, worths);
      hit.score *= (1 + 2 * most) * (1 + 1 * title) * (1 + ALIKE * Math.max(0, alike(section, said) - FROM));
      hit.at = at;
    }
    return result.sort((a, b) => b.score - a.score);
  };

  // Definitions that the query asks for: the term that it is, or that most of it is, or those that it begins.
  const cardsOf = (units, query, begun) => {
    if (begun?.terms.length && (!begun.from || units.length === 1)) return begun.terms.slice(0, begun.known ? 1 : 3);
    const length = tight(query).length;
    const terms = units.filter(({ part }) => part.term).map(({ part }) => [part.term, tight(part.raw.join("")).length / length]);
    return terms.filter(([, share]) => share > 0.7 || units.length === 1).sort((a, b) => b[1] - a[1]).map(([term]) => term).slice(0, 2);
  };

  const search = (lang, query, most = 12) => {
    const edition = query.trim() && editionOf(lang);
    const begun = edition ? begunOf(edition, query) : undefined;
    const units = edition ? unitsOf(edition, query, begun?.known ? undefined : begun) : [];
    if (!units.length) return { cards: [], hits: [] };
    const ordered = rank(edition, query, units);
    const perPage = new Map();
    const hits = [];
    for (const { number, score, at } of ordered) {
      const { page, pageTitle, anchor, title, text, first } = edition.sections[number];
      const seen = perPage.get(page) ?? 0;
      if (score < 0.12 * ordered[0].score || seen >= 3) continue;
      perPage.set(page, seen + 1);
      hits.push({ page, pageTitle, title, text, first, at, score, url: first ? page : `${page}#${anchor}` });
      if (hits.length === most) break;
    }
    return { cards: cardsOf(units, query, begun), hits };
  };

  // The text of a section from the sentence on in which most of the query stands.
  const extract = ({ text, at = 0 }, length = 150) => {
    const sentences = text.split(SENTENCE);
    const from = at < sentences.length ? at : 0; // what follows is folded, and answers what is asked, or it is code and questions
    const rest = sentences.slice(from).join(" ");
    const cut = rest.length > length ? rest.slice(0, length).replace(/\s+\S*$/, "") : rest;  // no half words
    return `${from ? "…\u00a0" : ""}${cut.trim()}${cut === rest ? "" : "\u00a0…"}`; // no line begins or ends with one
  };

  const panel = (place, query) => {
    const { make, say, base, root } = course;
    const lang = root.lang;
    const input = make("input", { type: "search", value: query, placeholder: say("search-hint"), autocomplete: "off" });
    input.setAttribute("aria-label", say("search-field"));
    const status = make("p", { className: "course-status" });
    status.setAttribute("role", "status");
    const list = make("ol", { className: "course-results" });
    const item = (hit, more = "") => {
      const link = make("a", { href: base() + hit.url });
      link.append(make("strong", { textContent: hit.title }));
      if (!hit.first) link.append(make("span", { textContent: hit.pageTitle }));
      link.append(make("small", { textContent: more }));
      return make("li", {}, link);
    };
    const show = () => {
      const { cards, hits } = search(lang, input.value);
      list.replaceChildren();
      for (const card of cards) {
        const url = `${editions[lang].glossary}#${card.a}`;
        list.append(item({ url, title: `${card.t} · ${card.o}`, pageTitle: say("glossary-entry") }, card.d));
        list.lastChild.className = "course-definition";
      }
      for (const hit of hits) list.append(item(hit, extract(hit)));
      const other = lang === "ko" ? "en" : "ko";
      if (hits.length < 3 && input.value.trim()) document.dispatchEvent(new Event("course-search-other"));
      const more = hits.length < 3 ? search(other, input.value, 4).hits : [];
      if (more.length) list.append(make("li", { className: "course-results-other", textContent: say("other-language") }));
      for (const hit of more) { const found = item(hit, extract(hit)); found.lang = other; list.append(found); }
      const number = cards.length + hits.length + more.length;
      status.textContent = !input.value.trim() ? "" : number ? say("results").replace("{}", number) : say("nothing-found");
    };
    input.addEventListener("input", show);
    // The other edition arrives later; a reader who is already in the list keeps the place.
    document.addEventListener("course-search-more", () => { if (!list.contains(document.activeElement)) show(); });
    place.addEventListener("keydown", (event) => {
      const links = [...list.querySelectorAll("a")];
      const at = links.indexOf(document.activeElement);
      if (event.key === "ArrowDown" && links.length) { event.preventDefault(); links[Math.min(at + 1, links.length - 1)].focus(); }
      if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (links[at - 1] ?? input).focus(); }
      if (event.key === "Enter" && event.target === input && links.length) links[0].click();
    });
    place.addEventListener("click", (event) => { if (event.target.closest("a")) place.close?.(); });
    const close = place.close && make("button", { type: "button", className: "course-close", textContent: say("close") });
    close?.addEventListener("click", () => place.close());
    place.replaceChildren(make("div", { className: "course-field" }, input, ...(close ? [close] : [])), status, list);
    show();
    input.focus();
  };

  return { add, search, panel, tokens, stem, noun, slug };
})();
