// What the site does beyond the theme. Everything here is a convenience: without JavaScript every page and link still works.
// Loaded with `defer`: the page is parsed, and scripts that wait for DOMContentLoaded have not begun.
"use strict";

(() => {
  const KEY = "course-language";
  const root = document.documentElement;

  // Private windows may refuse storage; the course then simply asks again.
  const remember = (lang) => {
    try { localStorage.setItem(KEY, lang); } catch { /* asked again next time */ }
  };
  const remembered = () => {
    try { return localStorage.getItem(KEY); } catch { return null; }
  };

  // A reader who chose a language once goes straight to it; `?choose`, linked under every sidebar, brings the choice back.
  const choices = document.querySelectorAll(".course-choices a");
  for (const link of choices) link.dataset.courseLang = link.getAttribute("href").split("/")[0];
  if (choices.length && !new URLSearchParams(location.search).has("choose")) {
    const chosen = [...choices].find((link) => link.dataset.courseLang === remembered());
    if (chosen) location.replace(chosen.href);
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-course-lang]");
    if (link) remember(link.dataset.courseLang);
  });

  // The switch keeps the reader's place where both editions have it: numbered from the top, since anchors differ.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.course-switch");
    if (!link) return;
    const headings = [...document.querySelectorAll("article section[id]")];
    const atEnd = scrollY + innerHeight >= root.scrollHeight - 2;
    const line = atEnd ? innerHeight : innerHeight / 3;
    const at = headings.findLastIndex((section) => section.getBoundingClientRect().top < line);
    if (at > 0) link.hash = `course-section-${at}`;
  });
  const place = location.hash.match(/^#course-section-(\d+)$/);
  if (place) {
    const section = document.querySelectorAll("article section[id]")[Number(place[1])];
    if (section) {
      history.replaceState(null, "", `#${section.id}`);
      const show = () => section.scrollIntoView({ behavior: "instant" });
      show();
      addEventListener("load", show); // pictures have pushed it down by then
    }
  }

  // Words of scripts that know no Korean.
  if (root.lang === "ko") {
    if (typeof messages !== "undefined" && typeof locale !== "undefined") {
      messages.ko = {
        copy: "복사",
        copy_to_clipboard: "코드 복사",
        copy_success: "복사했습니다",
        copy_failure: "복사하지 못했습니다",
      };
      locale = "ko";
    }
    if (typeof toggleHintShow !== "undefined") {
      toggleHintShow = "펼치기";
      toggleHintHide = "접기";
    }
  }

  // Search results in the reader's language; in all languages only where that finds nothing.
  const onSearchPage = location.pathname.match(/\/search-(ko|en)(?:\.html)?$/);
  if (onSearchPage && typeof Search !== "undefined") {
    // A result's extract is taken from the article: the theme's header and buttons are not what was searched.
    const extract = Search.htmlToText;
    Search.htmlToText = (html, anchor) => {
      const article = new DOMParser().parseFromString(html, "text/html").querySelector("article.bd-article");
      if (!article || anchor) return extract(html, anchor);
      for (const node of article.querySelectorAll("h1, .headerlink, script, style")) node.remove();
      for (const node of article.querySelectorAll(".math")) node.textContent = node.textContent.replace(/\\[()[\]]/g, "");
      return article.textContent.replace(/\s+/g, " ");
    };
    const inAll = Search._performSearch;
    Search._performSearch = (...query) => {
      const all = inAll(...query);
      const here = all.filter(([page]) => page.startsWith(`notebooks/${onSearchPage[1]}/`));
      return here.length ? here : all;
    };
  }
})();
