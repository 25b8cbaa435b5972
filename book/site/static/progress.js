// What the reader answered: quizzes, predictions, the concept check, and the last place read. All of it stays in this
// browser, under one key; where storage is blocked it is forgotten with the page. `quizzes.py` writes the forms.
"use strict";

(() => {
  const { make, say, store } = course;
  const KEY = "course-progress";
  const KINDS = ["quizzes", "predictions", "check"];
  const page = location.pathname.split("/").pop().replace(/\.html$/, "");
  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const fresh = () => ({ version: 1, quizzes: {}, predictions: {}, check: {}, last: null });

  let state = fresh();
  const read = () => {
    try {
      const saved = JSON.parse(store.get(KEY));
      if (!isObject(saved) || saved.version !== 1) return;
      state = { ...fresh(), last: isObject(saved.last) ? saved.last : null };
      for (const kind of KINDS) if (isObject(saved[kind])) state[kind] = saved[kind];
    } catch { /* damaged: begin anew */ }
  };
  // Another tab may have written meanwhile, so what is there is read first.
  const change = (edit) => { read(); edit(state); store.set(KEY, JSON.stringify(state)); };
  read();

  // A quiz alone: choose, check, read why; then choose again, if one likes. The first answer is the one that counts.
  const forms = [...document.querySelectorAll(".course-quiz")];
  const parts = (form) => ({
    right: Number(form.dataset.right),
    labels: [...form.querySelectorAll(".course-choice")],
    answers: [...form.querySelectorAll(".course-answer")],
    chosen: () => [...form.querySelectorAll("input")].findIndex((input) => input.checked),
  });
  const mark = (form, at) => {
    const { right, labels } = parts(form);
    labels.forEach((label, i) => {
      label.classList.toggle("course-right", i === at && at === right);
      label.classList.toggle("course-wrong", i === at && at !== right);
    });
  };
  const reveal = (form, at) => {
    mark(form, at);
    parts(form).answers.forEach((answer, i) => { answer.open = i === at; });
  };
  const checkPanel = document.querySelector(".course-check");
  for (const form of checkPanel ? [] : forms) {
    const id = `${page}/${form.dataset.quiz}`;
    const button = form.querySelector(".course-check-answer");
    const { right, labels, chosen } = parts(form);
    const check = () => {
      const at = chosen();
      if (at < 0) {
        labels[0].querySelector("input").focus();
        course.announce(say("choose-first"));
        return;
      }
      reveal(form, at);
      course.announce("");  // "choose one first" no longer holds
      change(({ quizzes }) => {
        const first = isObject(quizzes[id]) ? quizzes[id].first : at;
        quizzes[id] = { first, last: at, right: first === right };
      });
    };
    const last = state.quizzes[id]?.last;
    if (labels[last]) { labels[last].querySelector("input").checked = true; mark(form, last); }
    button.addEventListener("click", check);
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input")) { event.preventDefault(); check(); }
    });
  }

  // The concept check: the whole is scored, once before the course and once after it.
  if (checkPanel) {
    const [submit, again, answers] = ["submit", "again", "answers"].map((name) => checkPanel.querySelector(`.course-check-${name}`));
    const said = checkPanel.querySelector(".course-check-said");
    const given = () => Object.fromEntries(forms.map((form) => [form.dataset.quiz, parts(form).chosen()]));
    const score = (marks) => forms.filter((form) => marks?.[form.dataset.quiz] === Number(form.dataset.right)).length;
    const fill = (text, ...values) => values.reduce((whole, value) => whole.replace("{}", value), text);
    let after = isObject(state.check.before);
    const show = () => {
      const { before, after: later } = state.check;
      const changed = forms.flatMap((form, i) => (isObject(later) && later[form.dataset.quiz] !== before?.[form.dataset.quiz] ? [i + 1] : []));
      said.textContent = [
        isObject(before) ? fill(say("check-before"), score(before), forms.length) : say("check-start"),
        isObject(later) ? fill(say("check-after"), score(later), forms.length) : "",
        isObject(later) && changed.length ? fill(say("check-changed"), changed.join(", ")) : "",
      ].filter(Boolean).join(" ");
      again.hidden = !isObject(before);
    };
    const clear = () => {
      for (const form of forms) {
        reveal(form, -1);
        for (const input of form.querySelectorAll("input")) input.checked = false;
      }
    };
    submit.addEventListener("click", () => {
      const marks = given();
      const open = forms.find((form) => marks[form.dataset.quiz] < 0);
      if (open) {
        said.textContent = fill(say("check-open"), forms.filter((form) => marks[form.dataset.quiz] < 0).length);
        open.querySelector("input").focus();
        course.announce(said.textContent);  // which stands far from the open question
        return;
      }
      change(({ check }) => { check[after ? "after" : "before"] = marks; });
      for (const form of forms) if (after) reveal(form, marks[form.dataset.quiz]); else mark(form, -1);
      show();
    });
    again.addEventListener("click", () => {
      after = true;
      clear();
      forms[0].scrollIntoView({ block: "center", behavior: "instant" });
      forms[0].querySelector("input").focus({ preventScroll: true });
    });
    answers.addEventListener("click", () => {
      for (const form of forms) for (const answer of parts(form).answers) answer.open = true;
    });
    show();
  }

  // A prediction is written down before the fold with what happened is opened.
  for (const line of document.querySelectorAll(".course-commit")) {
    const id = `${page}/${line.dataset.prediction}`;
    const [fields, button] = [[...line.querySelectorAll("input")], line.querySelector("button")];
    const written = fields[0].type === "text";
    const fold = line.nextElementSibling?.matches(".course-outcome") ? line.nextElementSibling : null;
    const commit = () => {
      const text = written ? fields[0].value.trim() : fields.find((field) => field.checked)?.value;
      if (!text) { fields[0].focus(); course.announce(say(written ? "predict-first" : "choose-first")); return; }
      change(({ predictions }) => { predictions[id] = text; });
      line.classList.add("course-committed");
      if (fold) fold.open = true;
      course.announce(say(fold ? "outcome-open" : "noted"));
    };
    const before = state.predictions[id];
    if (typeof before === "string") {
      if (written) fields[0].value = before;
      for (const field of written ? [] : fields) field.checked = field.value === before;
      line.classList.add("course-committed");
      if (fold) fold.open = true;
    }
    button.addEventListener("click", commit);
    line.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input")) { event.preventDefault(); commit(); }
    });
  }

  // The last place: the section at the top of the window when the page is left.
  const lesson = /^(ch|ex)\d\d_/.test(page);
  const remember = () => {
    const sections = [...document.querySelectorAll("article section[id]")];
    const at = sections.findLast((section) => section.getBoundingClientRect().top < 160) ?? sections[0];
    if (!at || scrollY < 80) return;
    const title = document.querySelector("h1")?.firstChild?.textContent ?? "";
    const inner = at.querySelector("h1, h2, h3, h4")?.firstChild?.textContent ?? "";
    change((all) => { all.last = { page, lang: course.root.lang, anchor: at.id, title, section: inner === title ? "" : inner }; });
  };
  if (lesson) {
    addEventListener("pagehide", remember);
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") remember(); });
  }

  // The reader's own overview on the first page.
  const panel = document.querySelector(".course-progress");
  if (panel) {
    const said = panel.querySelector(".course-progress-said");
    const onward = panel.querySelector(".course-continue");
    const show = () => {
      const quizzes = Object.values(state.quizzes).filter(isObject);
      const counts = [quizzes.filter((quiz) => quiz.right).length, quizzes.length, Object.keys(state.predictions).length];
      said.textContent = counts[1] + counts[2] ? counts.reduce((text, n) => text.replace("{}", n), say("progress-counts")) : say("progress-kept");
      const last = state.last;
      onward.hidden = !last || !/^\w+$/.test(last.page);
      if (onward.hidden) return;
      const same = last.lang === course.root.lang;
      onward.href = `${last.page}.html${same ? `#${encodeURIComponent(last.anchor)}` : ""}`;
      onward.textContent = [say("continue"), [last.title, last.section].filter(Boolean).join(" › ")].join(": ");
      if (!same) onward.lang = last.lang;
    };
    panel.querySelector(".course-export").addEventListener("click", () => {
      read();
      const file = new Blob([JSON.stringify(state, null, 1)], { type: "application/json" });
      const link = make("a", { href: URL.createObjectURL(file), download: "pooling-to-gap.json" });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });
    panel.querySelector(".course-erase").addEventListener("click", () => {
      if (!confirm(say("erase-sure"))) return;
      change((all) => { Object.assign(all, fresh()); });
      location.reload();
    });
    show();
  }
})();
