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
  const EMPTY = new Set(("the a an of to in is are be do does how what why when where which and or for with on it i my " +
    "can vs 왜 무엇 뭐 어떻게 언제 어디 어디서 하는 하는지 하나요 되나요 인가요 일까요 차이 방법 뭔가요 무엇인가요 " +
    "몇 몇개 몇개나 몇개로 몇개인가요 개 개로 얼마나 이유 뜻 의미 대신 말고").split(" "));
  // What is asked of the things named (써요, 달라도, 안하면, 돌렸나), or how many, rarely stands in the text as it is typed.
  const LIGHT = /(?:나요|까요|가요|[어아여해돼워]요|니까|[하되]면|으면|려면|[어아해라]도|[했었았렸]나|는지|은지|을지|[할될]때|는데|은데|해서)$|^(?:한|두|세|네|여러)(?:개|가지|장|번)?[를로의]?$/;

  // Sections that name everything and explain nothing.
  const BESIDE = new Set(["다음으로", "참고 문헌", "정리", "기억할 것", "스스로 확인하기", "스스로 점검하기",
    "Next", "References", "Summary", "What to remember", "Check yourself"]);

  // Pages of instructors, which name what the chapters explain.
  const PLANS = /\/(instructors|lesson_plans)\./;

  // Words of readers for words of the course, where neither is a term of the glossary.
  const SAID = { submit: "hand in", submission: "hand in", homework: "assignment", quiz: "concept check", params: "parameters", 숙제: "과제", 퀴즈: "개념 점검",
    install: "run", 설치: "실행", 코랩: "Colab",
    그래드캠: "Grad-CAM", 그라드캠: "Grad-CAM", graded: "hand in points", grading: "hand in points", grade: "hand in points", 채점: "과제 제출 채점", 공유: "공유 특징", 논문: "참고 문헌", paper: "references", download: "notebook" };

  const plain = (text) => text.normalize("NFKC").toLowerCase().replaceAll("×", "x").replace(/[‐‑–—]/g, "-");
  const tight = (text) => plain(text).replace(/[\s\-_.·,:;?!()'"]/g, "");

  // English words lose the endings that inflect them; enough to bring "pooled", "pools" and "pooling" together.
  const stem = (word) => {
    if (word.length < 4 || /\d/.test(word)) return word;
    const cut = word.replace(/(?:ies)$/, "y").replace(/(?:sses)$/, "ss").replace(/([^s])s$/, "$1");
    const short = cut.replace(/(?:ing|ed|er|ly)$/, "");
    const kept = short.length >= 3 ? short : cut;
    return kept.replace(/e$/, "").replace(/([^aeiouls])\1$/, "$1");
  };

  const noun = (word) => {
    for (const particle of PARTICLES) {
      if (!word.endsWith(particle)) continue;
      const rest = word.slice(0, -particle.length);
      if (rest.length >= 2 || (rest.length === 1 && "은는을를의".includes(particle))) return rest;
    }
    return word;
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

  // The tokens of a text, for the index.
  const tokens = (text) => {
    const found = [];
    let last = "";
    for (const run of plain(text).match(RUN) ?? []) {
      if (HANGUL.test(run)) {
        if (run.length === 1) found.push(run);
        else found.push(...pairs(run));
        if (last) found.push(last + run[0]);
        last = run.at(-1);
      } else {
        found.push(...latin(run), ...numbered(run));
        last = "";
      }
    }
    return found;
  };
  // Words of a code name are found as well as the name: AdaptiveAvgPool2d by "avg pool".
  const codeTokens = (text) => [...tokens(text), ...tokens(camel(text))];

  const WEIGHTS = { title: 6, page: 2.5, text: 1, code: 0.8 };
  const K = 1.2;
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

  const index = function* (data) {
    const sections = [];
    for (const page of data.pages) {
      page.s.forEach((section, at) => sections.push({
        page: page.p, pageTitle: page.t, anchor: section.a, title: section.t, text: section.x, code: section.c,
        first: at === 0,
        lesson: (/\/ch\d/.test(page.p) ? 1 : /\/ex\d/.test(page.p) ? 0.8 : PLANS.test(page.p) ? 0.3 : 0.7) * (BESIDE.has(section.t) ? 0.4 : 1),
      }));
    }
    const postings = new Map();
    const words = new Map(); // Korean words → how often
    let total = 0;
    for (const [number, section] of sections.entries()) {
      const counts = new Map();
      const count = (list, weight) => {
        for (const token of list) counts.set(token, (counts.get(token) ?? 0) + weight);
        return list.length;
      };
      section.size = count(tokens(section.text), WEIGHTS.text) + count(codeTokens(section.code), WEIGHTS.code);
      count(codeTokens(section.title), WEIGHTS.title);
      count(codeTokens(section.pageTitle), WEIGHTS.page);
      total += section.size;
      section.tight = tight(section.title);
      for (const run of `${section.title} ${section.text}`.match(/[\uAC00-\uD7A3]+/g) ?? []) words.set(noun(run), (words.get(noun(run)) ?? 0) + 1);
      for (const [token, weight] of counts) {
        if (!postings.has(token)) postings.set(token, []);
        postings.get(token).push([number, weight]);
      }
      yield;
    }
    const terms = data.terms.map((term) => ({ ...term, keys: term.n.map(tight) }));
    editions[data.lang] = { ...data, sections, postings, words, mean: total / Math.max(1, sections.length), terms };
  };

  // Jamo, so that a slip in one sound of a syllable is one slip.
  const jamo = (text) => text.normalize("NFD");
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
      for (const known of edition.postings.keys()) if (known.startsWith(token) && known !== token) found.push(known);
    }
    return found.slice(0, 40);
  };

  const misspelt = (edition, token) => {
    if (HANGUL.test(token) || token.length < 4) return [];
    return [...edition.postings.keys()].filter((known) => known.length > 3 && known[0] === token[0] && near(token, known)).slice(0, 8);
  };

  // The word of the course that an unknown Korean word of the same length most likely is, by one slip in a sound: 과재, 과제.
  const meantBy = (edition, word) => {
    if (word.length < 2 || edition.words.has(word)) return "";
    const sounds = jamo(word);
    let [best, most] = ["", 3];
    for (const [known, count] of edition.words) {
      if (known.length === word.length && count > most && near(sounds, jamo(known))) [best, most] = [known, count];
    }
    return best;
  };

  // 더하기 is found where 더하면 stands; 기울기, a noun of the course, stays whole.
  const root = (edition, word) => (word.length > 2 && word.endsWith("기") && (edition.words.get(word) ?? 0) < 20 ? word.slice(0, -1) : word);

  // The course may call the same object otherwise: model.eval() is net.eval().
  const OBJECT = /^(?:model|net|x|self|torch|nn|f)\.(?=[a-z])/;

  // A query as units that should all be found; each unit is a list of tokens, each token a list of alternatives.
  const unitsOf = (edition, query) => {
    const runs = plain(query).replace(/[\u3131-\u318E]+\s*$/, "").match(RUN) ?? [];
    const meant = runs.filter((run) => !EMPTY.has(run));
    const used = meant.length ? meant : runs;
    const asked = used.length > 1 && used.some((run) => !LIGHT.test(run));
    return used.map((run, at) => {
      const last = at === used.length - 1;
      const hangul = HANGUL.test(run);
      const list = hangul ? pairs(root(edition, noun(run))) : latin(run.replace(OBJECT, ""));
      const mended = hangul ? pairs(meantBy(edition, noun(run))) : [];
      const tokens = list.map((token, i) => {
        const options = mended[i] && mended[i] !== token ? [[mended[i], 0.9], [token, 0.3]] : [[token, 1]];
        if (last && i === list.length - 1) for (const more of completions(edition, hangul ? token : run)) options.push([more, 0.7]);
        if (!hangul && !edition.postings.has(token) && options.length === 1) {
          for (const more of misspelt(edition, token)) options.push([more, 0.6]);
        }
        return options;
      });
      return { tokens, light: asked && LIGHT.test(run) };
    });
  };

  // BM25 over sections, times the share of the query that a section has.
  const rank = (edition, query) => {
    const units = unitsOf(edition, query);
    if (!units.length) return new Map();
    const n = edition.sections.length;
    const scores = new Map();
    for (const { tokens: unit, light } of units) {
      const worth = light ? 0.15 : 1;
      const parts = new Map();
      let whole = 0;
      for (const options of unit) {
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
        for (const [number, gain] of best) {
          const [sum, hits] = parts.get(number) ?? [0, 0];
          parts.set(number, [sum + gain, hits + (HANGUL.test(options[0][0]) ? 1 : most)]);
        }
        whole += HANGUL.test(options[0][0]) ? 1 : most;
      }
      for (const [number, [sum, hits]] of parts) {
        const share = hits / whole;
        if (light && share < 1) continue;
        const [total, found] = scores.get(number) ?? [0, 0];
        scores.set(number, [total + worth * sum * share ** 2 / Math.sqrt(unit.length), found + worth * share]);
      }
    }
    // "why pooling" and "풀링 차이" name the section "Pooling", but "hand in" is not "hand".
    const runs = plain(query).match(RUN) ?? [];
    const from = runs.findIndex((run) => !EMPTY.has(run));
    const to = runs.findLastIndex((run) => !EMPTY.has(run) || !HANGUL.test(run));
    const wanted = from < 0 ? tight(query) : tight(runs.slice(from, to + 1).join(" "));
    const named = tight(runs.filter((run) => !EMPTY.has(run) && !LIGHT.test(run)).map((run) => (HANGUL.test(run) ? noun(run) : run)).join(" "));
    const worth = units.reduce((sum, { light }) => sum + (light ? 0.15 : 1), 0);
    const result = new Map();
    for (const [number, [total, found]] of scores) {
      const section = edition.sections[number];
      let score = total * (found / worth) ** 3 * section.lesson;
      if (wanted.length > 1 && section.tight.includes(wanted)) {
        score *= section.tight === wanted ? 2.2 : 1.5;
        if (section.first) score *= 1.3;
      } else if (named.length > 1 && section.tight === named) score *= 3;
      result.set(number, score);
    }
    return result;
  };

  // The query with a term's name for the words that are its `key`; where they are not words, for the letters.
  const replaced = (words, key, name) => {
    for (let from = 0; from < words.length; from += 1) {
      for (let to = from + 1; to <= words.length; to += 1) {
        if (tight(words.slice(from, to).join("")) === key) return [...words.slice(0, from), name, ...words.slice(to)].join(" ");
      }
    }
    return `${name} ${tight(words.join("")).replace(key, " ")}`.trim();
  };

  // Ways of saying the same thing: each glossary term that the query names, by any of its names, in the page's words.
  const rewritings = (edition, query) => {
    const wanted = tight(query);
    const found = new Map([[query, 1]]);
    const cards = [];
    if (!wanted || (wanted.length < 2 && !HANGUL.test(wanted))) return { found, cards };
    const words = (plain(query).match(RUN) ?? []).map((run) => (HANGUL.test(run) ? noun(run) : run));
    const bare = tight(words.join(" "));
    const meant = words.filter((word) => !EMPTY.has(word));
    if (meant.some((word) => SAID[word])) found.set(meant.map((word) => SAID[word] ?? word).join(" "), 0.8);
    for (const term of edition.terms) {
      for (const key of term.keys) {
        const whole = key === wanted || key === bare;
        const slip = !whole && bare.length >= 4 && (HANGUL.test(bare) ? near(jamo(bare), jamo(key)) : near(bare, key));
        const inside = !whole && !slip && key.length > 1 && (HANGUL.test(key) ? bare.includes(key) : words.some((word) => word === key) ||
          (key.length > 5 && bare.includes(key)));
        if (!whole && !slip && !inside) continue;
        const name = term.t.replace(/\s*\([^)]*\)/g, "");
        const said = inside ? replaced(words, key, name) : name;
        // 피처맵 holds 피처, and what it becomes, 특징 맵, is a term of its own.
        const named = inside && edition.terms.find((other) => other.keys.includes(bare.replace(key, tight(name))));
        if (named) cards.push(named);
        found.set(said, Math.max(found.get(said) ?? 0, slip ? 0.7 : 0.95));
        if (whole) cards.unshift(term); else if (slip || (inside && key.length > 0.7 * bare.length)) cards.push(term);
        break;
      }
    }
    return { found, cards };
  };

  const search = (lang, query, most = 12) => {
    const edition = query.trim() && editionOf(lang);
    if (!edition) return { cards: [], hits: [] };
    const { found, cards } = rewritings(edition, query);
    const total = new Map();
    for (const [said, share] of found) {
      for (const [number, score] of rank(edition, said)) {
        total.set(number, Math.max(total.get(number) ?? 0, share * score));
      }
    }
    const ordered = [...total].sort((a, b) => b[1] - a[1]);
    const best = ordered[0]?.[1] ?? 0;
    const perPage = new Map();
    const hits = [];
    for (const [number, score] of ordered) {
      const section = edition.sections[number];
      const seen = perPage.get(section.page) ?? 0;
      if (score < 0.12 * best || seen >= 3) continue;
      perPage.set(section.page, seen + 1);
      hits.push({ ...section, score, url: section.first ? section.page : `${section.page}#${section.anchor}` });
      if (hits.length === most) break;
    }
    return { cards: [...new Set(cards)].slice(0, 2), hits };
  };

  // The stretch of a section's text in which most of the query stands.
  const extract = (section, query, length = 150) => {
    const wanted = (plain(query).match(RUN) ?? []).map((run) => (HANGUL.test(run) ? noun(run) : stem(run)));
    const text = plain(section.text);
    const at = Math.max(0, ...wanted.map((word) => text.indexOf(word)).filter((place) => place >= 0));
    const from = at > 40 ? Math.max(0, section.text.lastIndexOf(" ", at - 30)) : 0;
    const piece = section.text.slice(from, from + length).trim();
    return `${from ? "… " : ""}${piece}${from + length < section.text.length ? " …" : ""}`;
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
      for (const hit of hits) list.append(item(hit, extract(hit, input.value)));
      const other = lang === "ko" ? "en" : "ko";
      if (hits.length < 3 && input.value.trim()) document.dispatchEvent(new Event("course-search-other"));
      const more = hits.length < 3 ? search(other, input.value, 4).hits : [];
      if (more.length) list.append(make("li", { className: "course-results-other", textContent: say("other-language") }));
      for (const hit of more) { const found = item(hit, extract(hit, input.value)); found.lang = other; list.append(found); }
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

  return { add, search, panel, tokens, stem, noun };
})();
