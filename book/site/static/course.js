// Conveniences. Without JavaScript every page, link, fold and formula still works.
"use strict";

const course = (() => {
  const root = document.documentElement;
  const say = (key) => document.body.getAttribute(`data-say-${key}`) ?? key;
  const base = () => document.body.dataset.root || "./";

  // Private windows may refuse storage; the course then simply forgets.
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* forgotten */ } },
  };

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // Said to those who listen and shown to those who look, for a moment.
  let said = null;
  let hush = 0;
  const announce = (text) => {
    said ??= document.querySelector(".course-said");
    if (!said) return;
    said.textContent = text;
    clearTimeout(hush);
    hush = setTimeout(() => { said.textContent = ""; }, 3000);
  };

  return { root, say, base, store, make, announce };
})();

// The language: a reader who chose once goes straight there; `?choose`, linked below the contents, asks again.
(() => {
  const KEY = "course-language";
  const choices = document.querySelectorAll(".course-choices a");
  for (const link of choices) link.dataset.courseLang = link.getAttribute("href").split("/")[0];
  if (choices.length && !new URLSearchParams(location.search).has("choose")) {
    const chosen = [...choices].find((link) => link.dataset.courseLang === course.store.get(KEY));
    if (chosen) location.replace(chosen.href);
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-course-lang]");
    if (link) course.store.set(KEY, link.dataset.courseLang);
  });
})();

// The switch keeps the place: editions have the same headings, cells and paragraphs in the same order, so the block
// that the reader looks at is found by its number, and how far it has been scrolled past by a share of its height.
(() => {
  const BLOCKS = "article :is(h1, h2, h3, h4, p, li, tr, pre, img, .cell)";
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.course-switch");
    if (link && location.search.includes("play-")) link.search = location.search;  // as it has been set
    if (!link || scrollY < 80) return;
    const term = document.querySelector("[id^='term-']") && [...document.querySelectorAll("[id^='term-']")]
      .find((entry) => entry.getBoundingClientRect().bottom > 80);
    if (term) { link.hash = term.id; return; }
    const headings = [...document.querySelectorAll("article section[id]")];
    const line = 120;
    const at = headings.findLastIndex((section) => section.getBoundingClientRect().top < line);
    if (at < 0) return;
    const blocks = [...headings[at].querySelectorAll(BLOCKS.replaceAll("article ", ""))];
    const block = Math.max(0, blocks.findLastIndex((one) => one.checkVisibility() && one.getBoundingClientRect().top < line));
    const box = blocks[block]?.getBoundingClientRect();
    const share = box?.height ? Math.min(0.99, Math.max(0, (line - box.top) / box.height)) : 0;
    link.hash = `course-place-${at}-${block}-${share.toFixed(2)}`;
  });
  const place = location.hash.match(/^#course-place-(\d+)-(\d+)-([\d.]+)$/);
  if (!place) return;
  const section = document.querySelectorAll("article section[id]")[Number(place[1])];
  if (!section) return;
  const block = section.querySelectorAll(BLOCKS.replaceAll("article ", ""))[Number(place[2])] ?? section;
  block.closest("details")?.setAttribute("open", "");
  history.replaceState(null, "", `#${section.id}`);
  const show = () => {
    const box = block.getBoundingClientRect();
    scrollTo({ top: scrollY + box.top + Number(place[3]) * box.height - 120, behavior: "instant" });
  };
  show();
  addEventListener("load", show);
})();

// Light, dark, or as the device is.
(() => {
  const tools = document.querySelector(".course-tools");
  if (!tools) return;
  const THEMES = ["auto", "light", "dark"];
  const button = course.make("button", { type: "button", className: "course-theme" });
  const show = () => {
    const now = course.root.dataset.theme ?? "auto";
    button.dataset.theme = now;
    button.textContent = { auto: "◐", light: "☀", dark: "☾" }[now];
    button.setAttribute("aria-label", `${course.say("theme")}: ${course.say(`theme-${now}`)}`);
    button.title = button.getAttribute("aria-label");
  };
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(course.root.dataset.theme ?? "auto") + 1) % THEMES.length];
    if (next === "auto") delete course.root.dataset.theme; else course.root.dataset.theme = next;
    course.store.set("course-theme", next);
    show();
  });
  show();
  tools.append(button);
})();

// On a phone the contents stand below the text and are reached by a link; with scripts they open over the page.
(() => {
  const link = document.querySelector(".course-menu");
  const nav = document.querySelector(".course-nav");
  if (!link || !nav) return;
  const narrow = matchMedia("(max-width: 1023px)");
  const set = (open) => {
    nav.classList.toggle("course-open", open);
    link.setAttribute("aria-expanded", String(open));
    document.body.classList.toggle("course-covered", open);
  };
  link.setAttribute("role", "button");
  set(false);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const open = !nav.classList.contains("course-open");
    set(open);
    if (open) (nav.querySelector("[aria-current]") ?? nav.querySelector("a")).focus();
  });
  link.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); link.click(); } });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && nav.classList.contains("course-open")) { set(false); link.focus(); }
  });
  document.addEventListener("click", (event) => {
    if (nav.classList.contains("course-open") && !event.target.closest(".course-nav, .course-menu")) set(false);
  });
  nav.addEventListener("focusout", ({ relatedTarget }) => {  // nothing is in focus behind it
    if (relatedTarget && relatedTarget !== link && !nav.contains(relatedTarget)) set(false);
  });
  narrow.addEventListener("change", () => set(false));
  const current = nav.querySelector("[aria-current]");
  if (current && !narrow.matches) nav.scrollTop = Math.max(0, current.offsetTop - nav.clientHeight / 2);
})();

// A fold's content is text until the fold is opened. A search in the page, a link into it and printing open it, too.
const openFold = (fold) => {
  const waiting = fold.querySelector(":scope > noscript");
  if (!waiting) return;
  const parsed = new DOMParser().parseFromString(waiting.textContent, "text/html");
  waiting.replaceWith(...parsed.body.childNodes);
  addCopyButtons(fold);
  reachByKeyboard(fold);
};

// What is wider than its box can be reached by keyboard. Asked of the layout itself, as it changes and before it is
// painted: when a fold opens, a window narrows or a phone is turned, and never by a layout of its own.
const widths = new ResizeObserver((entries) => {
  const boxes = entries.map(({ target }) => [target, target.scrollWidth > target.clientWidth]);
  for (const [box, wide] of boxes) if (wide) box.tabIndex = 0; else box.removeAttribute("tabindex");
});
const reachByKeyboard = (within) => {
  for (const box of within.querySelectorAll(".course-scroll, .cell_output pre")) widths.observe(box);
};

// A button on each code cell that copies its code, without prompts or outputs.
const addCopyButtons = (within) => {
  for (const pre of within.querySelectorAll(".cell_input pre, article > section pre")) {
    if (pre.closest(".cell_output") || pre.parentElement.querySelector(":scope > .course-copy")) continue;
    const button = course.make("button", { type: "button", className: "course-copy" });
    button.setAttribute("aria-label", course.say("copy"));
    button.title = course.say("copy");
    pre.before(button);
  }
};

(() => {
  document.addEventListener("toggle", (event) => {
    if (event.target.open) openFold(event.target);
  }, true);
  // A link into a fold opens it, and one to a section that may be skipped opens the section.
  const reach = () => {
    const at = document.querySelector(":target");
    let fold = at?.querySelector(":scope > .course-deeper") ?? at?.closest("details");
    for (; fold; fold = fold.parentElement.closest("details")) fold.open = true;
  };
  addEventListener("hashchange", reach);
  reach();
  let opened = [];
  addEventListener("beforeprint", () => {
    for (const play of document.querySelectorAll(".course-play")) openFold(play);  // one that has not begun: its picture
    opened = [...document.querySelectorAll("article details:not([open])")];
    for (const fold of opened) { openFold(fold); fold.open = true; }
  });
  addEventListener("afterprint", () => { for (const fold of opened) fold.open = false; });

  const said = course.make("p", { className: "course-said" });
  said.setAttribute("role", "status");
  document.body.append(said);
  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".course-copy");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.parentElement.querySelector("pre").textContent.trimEnd() + "\n");
      said.textContent = course.say("copied");
      button.textContent = "✓";
    } catch {
      said.textContent = course.say("copy-failed");
      button.textContent = "!";
    }
    setTimeout(() => { button.textContent = ""; said.textContent = ""; }, 2000);
  });
  addCopyButtons(document);
  reachByKeyboard(document);
})();

// A glossary term shows its definition on hover, on focus and at the first tap; Escape hides it; the link stays a link.
(() => {
  const card = course.make("div", { className: "course-card", id: "course-card", hidden: true });
  card.setAttribute("role", "tooltip");
  document.querySelector("main")?.append(card);
  let shown = null;
  let byTouch = false;
  let before = null;  // what was shown when the finger came down
  const hide = () => {
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    card.hidden = true;
    shown = null;
  };
  const show = (term) => {
    if (shown === term) return;
    hide();
    shown = term;
    card.replaceChildren(term.dataset.definition);
    if (byTouch) card.append(" ", course.make("a", { href: term.href, textContent: course.say("glossary-link") }));
    card.hidden = false;
    term.setAttribute("aria-describedby", card.id);
    const box = term.getBoundingClientRect();
    const left = Math.min(Math.max(8, box.left), root.clientWidth - card.offsetWidth - 8);
    const below = box.bottom + 6;
    const fits = below + card.offsetHeight < innerHeight;
    // Set through the CSSOM, which a Content-Security-Policy without inline styles allows.
    card.style.setProperty("left", `${left + scrollX}px`);
    card.style.setProperty("top", `${(fits ? below : Math.max(8, box.top - card.offsetHeight - 6)) + scrollY}px`);
  };
  const root = document.documentElement;
  for (const term of document.querySelectorAll("a.course-term")) {
    term.dataset.definition = term.title;
    term.removeAttribute("title");
  }
  const termOf = (event) => event.target.closest?.("a.course-term");
  document.addEventListener("pointerdown", (event) => { byTouch = event.pointerType === "touch"; before = shown; }, true);
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const term = termOf(event);
    if (term) show(term);
    else if (shown && !event.target.closest?.(".course-card") && document.activeElement !== shown) hide();
  });
  document.addEventListener("focusin", (event) => {
    const term = termOf(event);
    if (term) show(term); else if (!event.target.closest?.(".course-card")) hide();
  });
  document.addEventListener("click", (event) => {
    const term = termOf(event);
    if (term && byTouch && before !== term) {
      event.preventDefault();
      show(term);
    } else if (!event.target.closest?.(".course-card")) hide();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();

// The search opens over the page; its script and index are fetched when they are first wanted.
(() => {
  const page = document.querySelector(".course-search-page");
  const link = document.querySelector(".course-search-button");
  let dialog = null;
  const load = (name) => new Promise((done, failed) => {
    const script = course.make("script", { src: course.base() + name, onload: done, onerror: failed });
    document.head.append(script);
  });
  let ready = null;
  const prepare = () => {
    ready ??= load("_static/search.js").then(async () => {
      const lang = course.root.lang;
      await load(`search-${lang}.js`);
      const other = `search-${lang === "ko" ? "en" : "ko"}.js`;  // half a megabyte that most readers never need
      document.addEventListener("course-search-other", () => {
        load(other).then(() => document.dispatchEvent(new Event("course-search-more")));
      }, { once: true });
    });
    return ready;
  };
  const panel = (place, query) => prepare().then(() => courseSearch.panel(place, query));
  if (page) panel(page, new URLSearchParams(location.search).get("q") ?? "");
  const open = async () => {
    if (!dialog) {
      dialog = course.make("dialog", { className: "course-search" });
      dialog.setAttribute("aria-label", course.say("search-field"));
      document.body.append(dialog);
      dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
      // A field to type into is there at once; what was typed until the index is there is not lost.
      const early = course.make("input", { type: "search" });
      early.setAttribute("aria-label", course.say("search-field"));
      dialog.append(course.make("div", { className: "course-field" }, early));
      dialog.showModal();
      early.focus();
      await prepare();
      courseSearch.panel(dialog, early.value);
    } else {
      dialog.showModal();
      dialog.querySelector("input")?.focus();
    }
  };
  if (link) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open();
    });
    for (const kind of ["pointerenter", "focus"]) link.addEventListener(kind, prepare, { once: true });
    link.setAttribute("aria-keyshortcuts", "Control+K");
  }
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, [contenteditable]");
    if (!((event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing))) return;
    event.preventDefault();
    if (page) page.querySelector("input")?.focus(); else if (link && !dialog?.open) open();
  });
})();

// The whole site is kept for reading without a connection, once the page has come to rest.
if ("serviceWorker" in navigator && location.protocol.startsWith("http")) {
  addEventListener("load", () => setTimeout(() => {
    navigator.serviceWorker.register(`${course.base()}worker.js`).catch(() => { /* not allowed here */ });
  }, 3000));
}
