// Playgrounds: small experiments beside the text, without a kernel. Each keeps its state in the address, is worked by
// keyboard, pointer and touch, and computes with the functions in `math`, which the tests compare with PyTorch. `fits`
// says what each part of the state may be: [least, most, step] of a number, a list, or a pattern.
"use strict";

const coursePlays = (() => {
  const { make, root } = course;
  const here = document.currentScript.src;
  const ko = root.lang === "ko";
  const say = (korean, english) => (ko ? korean : english);
  const SVG = "http://www.w3.org/2000/svg";
  const draw = (tag, attributes = {}, ...children) => {
    const element = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const round = (value, digits = 2) => Number(value.toFixed(digits)).toString();
  const minus = (value) => String(value).replace("-", "−");
  const signed = (value, digits = 2) => (round(value, digits) === "-0" ? "0" : minus(round(value, digits)));

  // What the playgrounds compute. Maps are arrays of rows.
  const math = {
    // Output size of convolution and pooling, torch.nn.MaxPool2d: with `ceil` a window may start inside the input or
    // the left padding only.
    outputSize(n, k, s, p = 0, ceil = false) {
      const steps = (n + 2 * p - k) / s;
      let size = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
      if (ceil && (size - 1) * s >= n + p) size -= 1;
      return size;
    },
    pool(map, k, s, kind) {
      const size = (n) => math.outputSize(n, k, s);
      const window = (i, j) => Array.from({ length: k * k }, (_, at) => map[i * s + Math.floor(at / k)][j * s + (at % k)]);
      const sum = (list) => list.reduce((a, b) => a + b, 0);
      return Array.from({ length: size(map.length) }, (_, i) => Array.from({ length: size(map[0].length) }, (_, j) => {
        const seen = window(i, j);
        return kind === "max" ? Math.max(...seen) : sum(seen) / seen.length;
      }));
    },
    // Where a gradient of 1 from every output goes. Of equal maxima the first in reading order gets all of it, as in torch.
    route(map, k, s, kind) {
      const back = map.map((row) => row.map(() => 0));
      const out = math.pool(map, k, s, kind);
      out.forEach((row, i) => row.forEach((value, j) => {
        let given = false;
        for (let a = 0; a < k; a += 1) {
          for (let b = 0; b < k; b += 1) {
            const [y, x] = [i * s + a, j * s + b];
            if (kind !== "max") back[y][x] += 1 / (k * k);
            else if (!given && map[y][x] === value) { back[y][x] += 1; given = true; }
          }
        }
      }));
      return back;
    },
    // A row that goes round, shrunk to half: by the stride alone, by windows of two, or after the blur [1, 2, 1] / 4.
    shrink(row, how) {
      const at = (i) => row[(i + row.length) % row.length];
      return Array.from({ length: row.length / 2 }, (_, i) => ({
        stride: at(2 * i),
        max: Math.max(at(2 * i), at(2 * i + 1)),
        average: (at(2 * i) + at(2 * i + 1)) / 2,
        blur: (at(2 * i - 1) + 2 * at(2 * i) + at(2 * i + 1)) / 4,
      })[how]);
    },
    // Sixteen pixels of a ring: stripes whose last is cut where the period does not divide 16, and then all of it turned.
    stripes: (period, by) => Array.from({ length: 16 }, (_, i) => ((i - by + 16) % 16 % period < period / 2 ? 1 : 0)),
    // The three ways to GAP, each by its own route: one window as large as the map, one bin, a mean of the rows' means.
    ways: (map) => ({
      [`avg_pool2d(x, ${map.length})`]: math.pool(map, map.length, map.length, "average")[0][0],
      "adaptive_avg_pool2d(x, 1)": math.mean(map),
      "x.mean((2, 3))": math.mean([map.map((row) => math.mean([row]))]),
    }),
    mean: (map) => map.flat().reduce((a, b) => a + b, 0) / map.flat().length,
    bill: (c, h, w, classes) => ({ flatten: c * h * w * classes + classes, gap: c * classes + classes }),
    // Receptive field and step between neighbours, in pixels of the input: r += (k − 1)·j, j *= s.
    field: (layers) => layers.reduce(([r, j], [k, s]) => [r + (k - 1) * j, j * s], [1, 1]),
    cam: (maps, weights) => maps[0].map((row, i) => row.map((_, j) => maps.reduce((sum, map, c) => sum + weights[c] * map[i][j], 0))),
    // One small step against both gradients changes each loss by −(gᵢ · (g₁ + g₂)), to first order.
    conflict(length, degrees) {
      const dot = length * Math.cos(degrees * Math.PI / 180);
      return { cosine: Math.cos(degrees * Math.PI / 180), first: -(1 + dot), second: -(length * length + dot) };
    },
    // Whether accuracies [mean, least, most, seeds] tell one strategy from the next: ranges of two seeds or more apart, and
    // means further apart than the 95 % error of two proportions of n images.
    better: ([mean, low, , seeds], [other, , high, others], n) => Math.min(seeds, others) > 1 && low > high
      && mean - other > 1.96 * Math.sqrt((mean * (1 - mean) + other * (1 - other)) / n),
    through: (gain, depth, shortcut) => (shortcut ? 1 + gain : gain) ** depth,
    // The cells of a grid behind the first, up to the second, that a pointer crossed between two events.
    line([y, x], [b, a]) {
      const steps = Math.max(Math.abs(b - y), Math.abs(a - x));
      return Array.from({ length: steps }, (_, i) => [y + Math.round((b - y) * (i + 1) / steps), x + Math.round((a - x) * (i + 1) / steps)]);
    },
  };

  // Parts that playgrounds are made of.
  let made = 0;
  const slider = (text, [min, max, step = 1], value, change, unit = "") => {
    const id = `course-play-${made += 1}`;
    const input = make("input", { type: "range", id, min, max, step, value });
    const shown = make("output", { textContent: minus(value) + unit });
    shown.htmlFor = id;
    input.addEventListener("input", () => { shown.textContent = minus(input.value) + unit; change(Number(input.value)); });
    return make("div", { className: "course-control" }, make("label", { htmlFor: id, textContent: text }), make("span", { className: "course-slider" }, input, shown));
  };
  const slideTo = (control, value, text = minus(value)) => {
    control.querySelector("input").value = value;
    control.querySelector("output").textContent = text;
  };
  const choice = (text, options, value, change) => {
    const group = make("fieldset", { className: "course-control" }, make("legend", { textContent: text }));
    const name = `course-play-${made += 1}`;
    for (const [key, label] of options) {
      const input = make("input", { type: "radio", name, value: key, checked: key === value });
      input.addEventListener("change", () => change(key));
      group.append(make("label", {}, input, ` ${label}`));
    }
    return group;
  };
  const press = (text, act) => {
    const button = make("button", { type: "button", textContent: text });
    button.addEventListener("click", act);
    return button;
  };

  // A button that would do nothing says so; it is not disabled, which would take the focus from it.
  const able = (button, can) => button.setAttribute("aria-disabled", String(!can));

  // A map as a grid of numbers. Where it is to be changed (`editable` gives it a name then) `cursor` is the cell at which
  // the keyboard is.
  const grid = (map, label, { marked = () => false, cursor = null, shade = () => 0, text = (v) => round(v), size = 40 } = {}) => {
    const picture = draw("svg", { viewBox: `0 0 ${map[0].length * size} ${map.length * size}`, width: map[0].length * size, height: map.length * size, class: "course-grid" });
    for (const [key, value] of cursor ? [["aria-hidden", "true"]] : [["role", "img"], ["aria-label", label]]) picture.setAttribute(key, value);
    map.forEach((row, y) => row.forEach((value, x) => {
      const kinds = ["course-cell", marked(y, x) && "course-marked", cursor?.[0] === y && cursor[1] === x && "course-cursor", value < 0 && "course-negative", { 28: "course-digits", 36: "course-close", 56: "course-large" }[size]];
      const cell = draw("g", { class: kinds.filter(Boolean).join(" ") });
      cell.append(draw("rect", { x: x * size + 1, y: y * size + 1, width: size - 2, height: size - 2, "fill-opacity": Math.min(1, Math.abs(shade(value))) * 0.85 }));
      cell.append(draw("text", { x: (x + 0.5) * size, y: (y + 0.5) * size, "text-anchor": "middle", "dominant-baseline": "central" }, text(value)));
      picture.append(cell);
    }));
    return picture;
  };
  // One tab stop in which arrows move and space changes the cell; `read(y, x)` is what a screen reader hears of it, and
  // `act(cells, value)` changes them. `paints`: cells are changed by dragging, too, to what the first has become.
  const editable = (name, draws, [h, w], read, act, paints = false) => {
    const place = make("div", { className: "course-editable", tabIndex: 0 });
    place.setAttribute("role", "application");
    place.setAttribute("aria-label", say(`${name}: 화살표로 칸을 옮기고 스페이스로 바꾸세요`, `${name}: arrows move between cells, space changes one`));
    const heard = make("span", { className: "course-heard" });
    heard.setAttribute("role", "status");
    const picture = make("div");
    place.append(picture, heard);
    let [y, x] = [0, 0];
    const refresh = () => picture.replaceChildren(draws([y, x]));
    const at = (event) => {
      const { left, top, width, height } = picture.firstChild.getBoundingClientRect();
      return [[event.clientY - top, height, h], [event.clientX - left, width, w]].map(([far, whole, n]) => Math.min(n - 1, Math.max(0, Math.floor((far / whole) * n))));
    };
    const change = (cells, value) => { [y, x] = cells.at(-1); act(cells, value); };
    if (paints) {
      let held = null;
      let pen = 0;
      picture.className = "course-painted";
      picture.addEventListener("pointerdown", (event) => {
        if (event.button || !event.isPrimary) return;
        picture.setPointerCapture(event.pointerId);
        held = at(event);
        change([held]);
        pen = read(...held);
      });
      picture.addEventListener("pointermove", (event) => {
        if (!held || !event.isPrimary) return;
        const crossed = math.line(held, at(event));
        if (crossed.length) { held = crossed.at(-1); change(crossed, pen); }
      });
      for (const end of ["pointerup", "pointercancel"]) picture.addEventListener(end, () => { held = null; });
    } else picture.addEventListener("click", (event) => change([at(event)]));
    place.addEventListener("keydown", (event) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (step) [y, x] = [Math.min(h - 1, Math.max(0, y + step[0])), Math.min(w - 1, Math.max(0, x + step[1]))];
      else if (event.key === " " || event.key === "Enter") act([[y, x]]);
      else return;
      event.preventDefault();
      refresh();
      heard.textContent = say(`${y + 1}행 ${x + 1}열: ${read(y, x)}`, `row ${y + 1}, column ${x + 1}: ${read(y, x)}`);
    });
    return { place, refresh };
  };
  const row = (...children) => make("div", { className: "course-row" }, ...children);
  const titled = (text, ...children) => make("div", { className: "course-titled" }, make("p", { textContent: text }), ...children);
  const bar = (share, text, className = "") => {
    const picture = draw("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", class: "course-bar", "aria-hidden": "true" });
    picture.append(draw("rect", { x: 0, y: 0, width: share && Math.max(0.4, 100 * share), height: 8 }));
    return make("div", { className: "course-barred" }, picture, make("span", { className, textContent: text }));
  };

  const plays = {};

  plays.size = {
    start: { n: 10, k: 3, s: 2, p: 0, ceil: 0 },
    fits: { n: [4, 16], k: [1, 5], s: [1, 4], p: [0, 2], ceil: [0, 1] },
    build(state, changed) {
      const result = make("div");
      const show = () => {
        const { n, k, s, p } = state;
        const size = math.outputSize(n, k, s, p, state.ceil === 1);
        const width = n + 2 * p;
        const [cell, top] = [26, 8];
        const picture = draw("svg", { viewBox: `0 0 ${(width + k) * cell} ${top + 34 + 12 * Math.max(size, 1)}`, class: "course-wide-picture", role: "img", "aria-label": say(`윈도우가 ${size}번 멈춥니다`, `The window stops ${size} times`) });
        for (let i = 0; i < width; i += 1) {
          const outside = i < p || i >= n + p;
          picture.append(draw("rect", { x: i * cell + 1, y: top, width: cell - 2, height: 24, class: outside ? "course-padding" : "course-pixel" }));
        }
        for (let i = 0; i < size; i += 1) {
          picture.append(draw("rect", { x: i * s * cell + 1, y: top + 32 + i * 12, width: k * cell - 2, height: 8, class: "course-window" }));
        }
        const whole = state.ceil === 1 ? ["⌈", "⌉"] : ["⌊", "⌋"];
        const formula = `${whole[0]}(${n} + 2·${p} − ${k}) / ${s}${whole[1]} + 1`;
        const left = Math.max(0, width - ((size - 1) * s + k));
        const note = size < 1 ? say("윈도우가 한 번도 들어가지 못합니다.", "The window does not fit even once.")
          : left ? say(`오른쪽 ${left}칸은 어느 윈도우에도 들지 않습니다.`, left === 1 ? "The last cell on the right is in no window." : `The last ${left} cells on the right are in no window.`) : "";
        const fits = (size - 1) * s >= n + p - s && math.outputSize(n, k, s, p, false) !== size;
        result.replaceChildren(picture, make("p", { className: "course-result", textContent: `${formula} ${fits || state.ceil === 0 || Math.ceil((n + 2 * p - k) / s) + 1 === size ? "=" : "→"} ${Math.max(0, size)}` }), make("p", { textContent: note }));
      };
      const fit = () => { state.p = Math.min(state.p, Math.floor(state.k / 2)); slideTo(padding, state.p); show(); };
      const set = (key) => (value) => { state[key] = value; fit(); changed(); };
      const { fits } = plays.size;
      const padding = slider(say("패딩 p (k의 절반까지)", "Padding p (up to half of k)"), fits.p, state.p, set("p"));
      fit();
      return [
        row(slider(say("입력 크기 n", "Input size n"), fits.n, state.n, set("n")), slider(say("윈도우 k", "Window k"), fits.k, state.k, set("k"))),
        row(slider(say("스트라이드 s", "Stride s"), fits.s, state.s, set("s")), padding),
        choice("ceil_mode", [["0", "False"], ["1", "True"]], String(state.ceil), (value) => set("ceil")(Number(value))), result,
      ];
    },
  };

  plays.pool = {
    start: { m: "1364272953181740", kind: "max", step: 1 },
    fits: { m: /^\d{16}$/, kind: ["max", "average"], step: [1, 4] },
    build(state, changed) {
      const map = () => [0, 1, 2, 3].map((y) => [...state.m.slice(4 * y, 4 * y + 4)].map(Number));
      const out = make("div");
      const input = editable(say("입력 4×4", "Input 4×4"), (cursor) => {
        const [a, b] = [2 * Math.floor((state.step - 1) / 2), 2 * ((state.step - 1) % 2)];
        return grid(map(), "", {
          marked: (y, x) => (y >= a && y < a + 2 && x >= b && x < b + 2), cursor, shade: (v) => v / 9, text: (v) => v,
        });
      }, [4, 4], (y, x) => map()[y][x], ([[y, x]]) => {
        const digits = [...state.m];
        digits[4 * y + x] = String((Number(digits[4 * y + x]) + 1) % 10);
        state.m = digits.join("");
        show();
        changed();
      });
      const show = () => {
        input.refresh();
        const pooled = math.pool(map(), 2, 2, state.kind);
        const back = math.route(map(), 2, 2, state.kind);
        const tie = [0, 1, 2, 3].some((w) => {
          const seen = [0, 1, 2, 3].map((i) => map()[2 * Math.floor(w / 2) + Math.floor(i / 2)][2 * (w % 2) + (i % 2)]);
          return seen.filter((v) => v === Math.max(...seen)).length > 1;
        });
        out.replaceChildren(row(
          titled(say("출력", "Output"), grid(pooled, say("출력 2×2", "Output 2×2"), { marked: (y, x) => 2 * y + x === state.step - 1, shade: (v) => v / 9 })),
          titled(say("출력마다 1을 돌려보내면", "A gradient of 1 sent back from each output"), grid(back, say("입력의 기울기", "Gradient of the input"), { shade: (v) => v })),
        ), make("p", { className: "course-result", textContent: say(`윈도우 ${state.step}의 ${state.kind === "max" ? "최댓값" : "평균"}: ${round(pooled.flat()[state.step - 1])}`, `${state.kind === "max" ? "Maximum" : "Mean"} of window ${state.step}: ${round(pooled.flat()[state.step - 1])}`) }),
        make("p", { textContent: state.kind === "max" && tie ? say("최댓값이 같으면 먼저 나온 칸이 모두 가져갑니다.", "Of equal maxima the first cell takes everything.") : "" }));
      };
      show();
      return [
        choice(say("종류", "Kind"), [["max", say("최대", "max")], ["average", say("평균", "average")]], state.kind, (kind) => { state.kind = kind; show(); changed(); }),
        slider(say("몇 번째 윈도우", "Which window"), plays.pool.fits.step, state.step, (step) => { state.step = step; show(); changed(); }),
        row(titled(say("입력 (칸을 눌러 바꾸세요)", "Input (press a cell to change it)"), input.place)), out,
      ];
    },
  };

  plays.shift = {
    start: { period: 4, by: 0, how: "max" },
    fits: { period: [2, 8, 2], by: [0, 7], how: ["stride", "max", "average", "blur"] },
    build(state, changed) {
      const result = make("div");
      const show = () => {
        const [still, moved] = [math.stripes(state.period, 0), math.stripes(state.period, state.by)];
        const [before, after] = [math.shrink(still, state.how), math.shrink(moved, state.how)];
        // as wide as what it was shrunk from
        const line = (list, label) => grid([list], label, { shade: (v) => v, size: 448 / list.length });
        result.replaceChildren(
          titled(say("입력 (16픽셀, 끝과 처음이 이어집니다)", "Input (16 pixels, end joined to start)"), line(moved, say("입력", "Input"))),
          titled(say("줄인 결과 (8칸)", "Shrunk (8 cells)"), line(after, say("결과", "Result"))),
          make("p", { className: "course-result", textContent: say(
            `평균: 밀기 전 ${round(math.mean(before), 3)}, 민 뒤 ${round(math.mean(after), 3)}`,
            `Mean: ${round(math.mean(before), 3)} before the shift, ${round(math.mean(after), 3)} after it`) }),
        );
      };
      const set = (key) => (value) => { state[key] = value; show(); changed(); };
      show();
      return [
        choice(say("줄이는 법", "Shrink by"), [["stride", say("스트라이드", "stride")], ["max", say("최대", "max")], ["average", say("평균", "average")], ["blur", say("블러 뒤 스트라이드", "blur, then stride")]], state.how, set("how")),
        row(slider(say("줄무늬 주기", "Period of the stripes"), plays.shift.fits.period, state.period, set("period")), slider(say("미는 픽셀 수", "Shift, in pixels"), plays.shift.fits.by, state.by, set("by"))), result,
      ];
    },
  };

  plays.gap = {
    start: { m: "0000000000000000001100000011000000000000000000000000000000000000" },
    fits: { m: /^[01]{64}$/ },
    build(state, changed) {
      const map = () => Array.from({ length: 8 }, (_, y) => [...state.m.slice(8 * y, 8 * y + 8)].map(Number));
      const result = make("div");
      const write = (rows) => { state.m = rows.map((r) => r.join("")).join(""); show(); changed(); };
      const input = editable(say("그림 8×8", "Picture 8×8"), (cursor) => grid(map(), "", { cursor, shade: (v) => v, text: () => "" }), [8, 8], (y, x) => map()[y][x], (cells, value) => {
        const rows = map();
        for (const [y, x] of cells) rows[y][x] = value ?? 1 - rows[y][x];
        write(rows);
      }, true);
      const move = (dy, dx) => write(map().map((r, y) => r.map((_, x) => map()[(y - dy + 8) % 8][(x - dx + 8) % 8])));
      const show = () => {
        input.refresh();
        const value = math.mean(map());
        const where = state.m.indexOf("1");
        result.replaceChildren(make("p", { className: "course-result", textContent: `GAP = ${round(value, 4)} · GMP = ${Math.max(...map().flat())}` }),
          make("ul", { className: "course-ways" }, ...Object.entries(math.ways(map())).map(([way, given]) => make("li", {}, make("code", { textContent: way }), ` = ${round(given, 4)}`))),
          make("p", { textContent: say(
            `평탄화한 64칸에서는 첫 1이 ${where < 0 ? "없습니다" : `${where}번 자리(0부터 셈)에 있습니다`}. 그림을 옮기면 자리는 바뀌고 GAP는 그대로입니다.`,
            `Flattened to 64 numbers, the first 1 ${where < 0 ? "is nowhere" : `stands at place ${where} (counting from 0)`}. Move the picture: the place changes, GAP does not.`) }));
      };
      show();
      return [row(titled(say("칸을 누르거나 끌어서 그리세요", "Press cells or drag to paint"), input.place),
        make("div", { className: "course-buttons" }, press(say("위로", "Up"), () => move(-1, 0)), press(say("아래로", "Down"), () => move(1, 0)), press(say("왼쪽으로", "Left"), () => move(0, -1)), press(say("오른쪽으로", "Right"), () => move(0, 1)), press(say("지우기", "Clear"), () => write(map().map((r) => r.map(() => 0)))))), result];
    },
  };

  plays.bill = {
    start: { c: 64, side: 8, classes: 10 },
    fits: { c: [8, 512, 8], side: [1, 32], classes: [2, 1000] },
    build(state, changed) {
      const result = make("div");
      const show = () => {
        const { flatten, gap } = math.bill(state.c, state.side, state.side, state.classes);
        const number = (n) => n.toLocaleString(ko ? "ko-KR" : "en-US");
        result.replaceChildren(
          bar(1, say(`평탄화 + 선형층: ${number(flatten)}개`, `flatten + linear: ${number(flatten)}`)),
          bar(gap / flatten, say(`GAP + 선형층: ${number(gap)}개`, `GAP + linear: ${number(gap)}`)),
          make("p", { className: "course-result", textContent: say(`평탄화가 ${round(flatten / gap, 1)}배`, `flatten has ${round(flatten / gap, 1)} times as many`) }));
      };
      const set = (key) => (value) => { state[key] = value; show(); changed(); };
      show();
      return [row(...[["c", say("채널 C", "Channels C")], ["side", say("한 변 H = W", "Side H = W")], ["classes", say("클래스", "Classes")]].map(([key, text]) => slider(text, plays.bill.fits[key], state[key], set(key)))), result];
    },
  };

  plays.field = {
    start: { layers: "3333" },
    fits: { layers: /^[35sp]{0,12}$/ },
    build(state, changed) {
      const most = 12;
      const KINDS = { 3: [3, 1, say("3×3 합성곱", "3×3 convolution")], 5: [5, 1, say("5×5 합성곱", "5×5 convolution")], s: [3, 2, say("3×3, 스트라이드 2", "3×3, stride 2")], p: [2, 2, say("2×2 풀링", "2×2 pooling")] };
      const result = make("div");
      const show = () => {
        const chosen = [...state.layers].map((key) => KINDS[key]);
        const steps = chosen.map((_, i) => math.field(chosen.slice(0, i + 1)));
        const widest = Math.max(15, ...steps.map(([r]) => r));
        const list = make("ol", { className: "course-steps-list" });
        steps.forEach(([r, j], i) => list.append(make("li", {}, bar(r / widest, say(`${chosen[i][2]}: ${r}픽셀, 이웃 칸과의 간격 ${j}픽셀`, `${chosen[i][2]}: ${r} pixels, neighbors ${j} pixel${j === 1 ? "" : "s"} apart`)))));
        const [r, j] = steps.at(-1) ?? [1, 1];
        const limit = steps.length === most ? say(` 여기서는 ${most}층까지 쌓습니다.`, ` ${most} layers are the most here.`) : steps.length ? "" : say(" 뺄 층이 없습니다.", " There is no layer to remove.");
        result.replaceChildren(list, make("p", { className: "course-result", textContent: say(`한 칸이 입력의 ${r}×${r}픽셀을 봅니다. 옆 칸은 ${j}픽셀 옆을 봅니다.${limit}`, `One unit sees ${r}×${r} pixels of the input; its neighbor’s field is shifted by ${j} pixel${j === 1 ? "" : "s"}.${limit}`) }));
        for (const button of add) able(button, steps.length < most);
        able(less, steps.length > 0);
      };
      const set = (layers) => { state.layers = layers.slice(0, most); show(); changed(); };
      const add = Object.entries(KINDS).map(([key, [, , name]]) => press(`+ ${name}`, () => set(state.layers + key)));
      const less = press(say("하나 빼기", "Remove one"), () => set(state.layers.slice(0, -1)));
      show();
      return [make("div", { className: "course-buttons" }, ...add, less), result];
    },
  };

  plays.cam = {
    start: { a: 1, b: 0, c: -0.5 },
    fits: { a: [-2, 2, 0.1], b: [-2, 2, 0.1], c: [-2, 2, 0.1] },
    build(state, changed) {
      const blob = (y, x) => Array.from({ length: 6 }, (_, i) => Array.from({ length: 6 }, (_, j) => Number((2 * Math.exp(-((i - y) ** 2 + (j - x) ** 2) / 2.5)).toFixed(1))));
      const maps = [blob(1, 1), blob(4, 4), blob(1, 4)];
      const result = make("div");
      const show = () => {
        const weights = [state.a, state.b, state.c];
        const made = math.cam(maps, weights);
        const logit = weights.reduce((sum, w, i) => sum + w * math.mean(maps[i]), 0);
        const picture = (map, label) => grid(map, label, { shade: (v) => v / 2, text: (v) => signed(v, 1), size: 36 });
        result.replaceChildren(
          row(...maps.map((map, i) => titled(say(`맵 ${i + 1}, 가중치 ${signed(weights[i])}`, `map ${i + 1}, weight ${signed(weights[i])}`), picture(map, say(`특징 맵 ${i + 1}`, `Feature map ${i + 1}`)))), titled("CAM", picture(made, "CAM"))),
          make("p", { className: "course-result", textContent: say(`CAM의 평균 ${signed(math.mean(made), 4)} = 가중치 · GAP ${signed(logit, 4)} (편향을 뺀 로짓)`, `mean of the CAM ${signed(math.mean(made), 4)} = weights · GAP ${signed(logit, 4)} (the logit without its bias)`) }));
      };
      const set = (key) => (value) => { state[key] = value; show(); changed(); };
      show();
      return [row(...["a", "b", "c"].map((key, i) => slider(say(`가중치 ${i + 1}`, `Weight ${i + 1}`), plays.cam.fits[key], state[key], set(key)))), result];
    },
  };

  plays.residual = {
    start: { gain: 0.8, depth: 20 },
    fits: { gain: [0, 1.5, 0.05], depth: [1, 50] },
    build(state, changed) {
      const result = make("div");
      const show = () => {
        const [plain, short] = [math.through(state.gain, state.depth, false), math.through(state.gain, state.depth, true)];
        const power = (v) => (v >= 0.001 && v < 10000 || v === 0 ? round(v, 3) : v.toExponential(1).replace(/e([+-])(\d+)/, (_, sign, digits) => `×10${sign === "-" ? "⁻" : ""}${[...digits].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`));
        const share = (v) => Math.max(0, (Math.log10(v) + 20) / 40);
        const told = [
          [plain, say(`숏컷 없이: ${state.gain}의 ${state.depth}제곱은 ${power(plain)}`, `plain: ${state.gain} to the power of ${state.depth} is ${power(plain)}`)],
          [short, say(`숏컷과 함께: (1 + ${state.gain})의 ${state.depth}제곱은 ${power(short)}`, `with shortcuts: (1 + ${state.gain}) to the power of ${state.depth} is ${power(short)}`)],
        ];
        result.replaceChildren(...told.map(([value, text]) => bar(share(value), text, "course-result")),
          make("p", { textContent: say("막대는 10⁻²⁰에서 10²⁰까지의 로그 눈금이고, 그보다 작으면 비어 있습니다. 블록마다 이득이 같다고 보고 어림했으므로, 기울기가 사라질지 폭발할지는 이득이 정합니다. 실제 신경망에서는 초기화와 정규화가 이득을 정합니다.", "The bars are logarithmic, from 10⁻²⁰ to 10²⁰, and empty below that. Every block is taken to have the same gain, so the gain decides whether the gradient vanishes or explodes; in a real network initialization and normalization set it.") }));
      };
      const set = (key) => (value) => { state[key] = value; show(); changed(); };
      show();
      return [row(slider(say("블록의 이득", "Gain of a block"), plays.residual.fits.gain, state.gain, set("gain")), slider(say("깊이", "Depth"), plays.residual.fits.depth, state.depth, set("depth"))), result];
    },
  };

  plays.conflict = {
    start: { angle: 90, length: 1 },
    fits: { angle: [0, 180, 5], length: [0, 2, 0.1] },
    build(state, changed) {
      const result = make("div");
      const show = () => {
        const { cosine, first, second } = math.conflict(state.length, state.angle);
        const turn = state.angle * Math.PI / 180;
        const [x, y] = [50 * state.length * Math.cos(turn), -50 * state.length * Math.sin(turn)];
        // Each name stands where no arrow goes: below g₁, on the far side of g₂ (seen from g₁), above the sum.
        const arrow = (dx, dy, kind, name, [right, down]) => {
          const length = Math.hypot(dx, dy);
          const none = length < 1;
          const head = Math.min(14, length);
          const back = (along, aside) => `${dx - (along * dx - aside * dy) * head / length} ${dy - (along * dy + aside * dx) * head / length}`;
          return draw("g", { class: kind }, ...(none ? [] : [draw("path", { d: `M0 0L${back(0.8, 0)}`, class: "course-arrow" }), draw("path", { d: `M${dx} ${dy}L${back(1, 0.45)}L${back(1, -0.45)}Z`, class: "course-tip" })]),
            draw("text", { x: dx + right, y: dy + down + 5, "text-anchor": "middle" }, none ? `${name} = 0` : name));
        };
        const picture = draw("svg", { viewBox: "-125 -130 310 160", width: 310, height: 160, class: "course-arrows", role: "img", "aria-label": say(`두 기울기와 그 합. 사이의 각도는 ${state.angle}도`, `Two gradients and their sum, ${state.angle} degrees apart`) },
          arrow(50 + x, y, "course-sum", "g₁ + g₂", [0, -14]), arrow(50, 0, "course-one", "g₁", [0, 16]), arrow(x, y, "course-two", "g₂", state.length ? [-15 * Math.sin(turn), -15 * Math.cos(turn)] : [0, 16]));
        const effect = (value) => (value < -1e-9 ? say("줄어듭니다", "falls") : value > 1e-9 ? say("늘어납니다", "rises") : say("그대로입니다", "stays"));
        result.replaceChildren(picture, make("p", { className: "course-result", textContent: say(`코사인 ${signed(cosine)}: 첫째 손실은 ${effect(first)}(${signed(first)}), 둘째 손실은 ${effect(second)}(${signed(second)})`, `cosine ${signed(cosine)}: the first loss ${effect(first)} (${signed(first)}), the second ${effect(second)} (${signed(second)})`) }),
          make("p", { textContent: say("두 기울기를 더한 방향의 반대쪽으로 아주 조금 움직였을 때 손실이 얼마나 달라지는지를 1차 근사로 구한 값입니다. 스텝 크기를 1로 적었습니다.", "The change of each loss, to first order, for a small step against the sum of both gradients; the step size is written as 1.") }));
      };
      const set = (key) => (value) => { state[key] = value; show(); changed(); };
      show();
      return [row(slider(say("두 기울기 사이의 각도", "Angle between the gradients"), plays.conflict.fits.angle, state.angle, set("angle"), "°"), slider(say("둘째 기울기의 길이", "Length of the second"), plays.conflict.fits.length, state.length, set("length"))), result];
    },
  };

  plays.transfer = {
    start: { task: "photos", images: 20, bet: "none" },
    fits: { task: ["photos", "drawings"], images: [20, 1000], bet: ["none", "cached", "augmented", "partial", "full", "scratch"] },
    build(state, changed, box) {
      const measured = JSON.parse(box.dataset.numbers);
      const NAMES = {
        cached: say("캐시한 특징 위의 헤드", "head on cached features"), augmented: say("증강한 사본 위의 헤드", "head on augmented copies"),
        partial: say("위쪽 블록까지 미세 조정", "fine-tuning the top blocks, too"), full: say("전체 미세 조정", "fine-tuning everything"), scratch: say("작은 CNN을 처음부터", "a small CNN from scratch"),
      };
      const TASKS = { photos: say("고양이와 개 사진(ImageNet과 닮음)", "cats and dogs (like ImageNet)"), drawings: say("잡음 속의 도형(닮지 않음)", "shapes in noise (unlike it)") };
      const ADVICE = {
        photos: (n) => (n > 100 ? say("위쪽 일부", "the top part, too") : say("헤드만", "the head only")),
        drawings: (n) => (n > 100 ? say("전체", "everything") : say("위쪽 일부", "the top part, too")),
      };
      const sizes = (task) => Object.keys(measured[task]).map(Number).sort((a, b) => a - b);
      const [amounts, bets, result] = [make("div"), make("div"), make("div")];
      const percent = (share) => `${(100 * share).toFixed(1)}%`;
      const told = ([mean, low, high, seeds]) => (seeds === 1 ? say(`${percent(mean)} (시드 1개)`, `${percent(mean)} (1 seed)`)
        : say(`${percent(mean)} (시드 ${seeds}개, ${percent(low)}–${percent(high)})`, `${percent(mean)} (${seeds} seeds, ${percent(low)} to ${percent(high)})`));
      const show = () => {
        if (!sizes(state.task).includes(state.images)) [state.images] = sizes(state.task);
        const found = measured[state.task][state.images];
        amounts.replaceChildren(choice(say("학습 이미지", "Training images"), sizes(state.task).map((n) => [String(n), n.toLocaleString()]), String(state.images), (n) => set("images")(Number(n))));
        bets.replaceChildren(choice(say("어느 것이 가장 나을까요?", "Which does best?"), Object.entries(NAMES), state.bet, set("bet")));
        if (state.bet === "none") {
          result.replaceChildren(make("p", { textContent: say("하나를 고르면 잰 값이 나타납니다.", "Choose one to see what was measured.") }));
          return;
        }
        const order = Object.entries(found.strategies).sort(([, [a]], [, [b]]) => b - a);
        const best = order[0][0];
        const clear = order.length < 2 || math.better(order[0][1], order[1][1], found.n_test);
        const verdict = clear
          ? say(`잰 것 가운데 가장 나은 것은 ‘${NAMES[best]}’입니다. 시드 사이의 범위가 다음 것과 겹치지 않고, 차이가 테스트 이미지 ${found.n_test}장의 오차보다 큽니다.`, `Of those measured, “${NAMES[best]}” does best: its range over seeds does not overlap with the next, and the difference is beyond the error of ${found.n_test} test images.`)
          : say(`평균이 가장 높은 것은 ‘${NAMES[best]}’입니다. 다만 시드의 수와 범위, 테스트 이미지 ${found.n_test}장의 오차를 생각하면 다음 것보다 나은지 가릴 수 없습니다.`, `“${NAMES[best]}” has the highest mean, but with so few seeds, their range and the error of ${found.n_test} test images, whether it beats the next cannot be told.`);
        const yours = !(state.bet in found.strategies) ? say("고른 것은 이 칸에서 재지 않았습니다.", "What you chose was not measured here.") : "";
        result.replaceChildren(
          ...order.map(([name, values]) => bar(values[0], `${name === state.bet ? "▸ " : ""}${NAMES[name]}: ${told(values)}`)),
          ...Object.keys(NAMES).filter((name) => !(name in found.strategies)).map((name) => make("p", { textContent: `${name === state.bet ? "▸ " : ""}${NAMES[name]}: ${say("재지 않음", "not measured")}` })),
          make("p", { className: "course-result", textContent: `${yours} ${verdict}` }),
          make("p", { textContent: say(`흔히 쓰는 표의 조언: ${ADVICE[state.task](state.images)}. 시드마다 테스트 이미지 ${found.n_test}장으로 쟀고, 괄호 안은 시드 사이의 범위입니다.`, `The usual table’s advice: ${ADVICE[state.task](state.images)}. Each seed was measured on ${found.n_test} test images; in parentheses, the range over seeds.`) }),
          ...(found.sides ? [make("p", { textContent: say("사진을 넣는 크기만 바꾸면(캐시한 특징 위의 헤드, 따로 잰 값):", "Photographs fed at other sizes (head on cached features, measured separately):") }), ...Object.entries(found.sides).map(([side, values]) => bar(values[0], `${side}×${side}: ${told(values)}`))] : []));
      };
      // Parts are drawn anew, so the focus goes back to the choice that was made.
      const set = (key) => (value) => {
        state[key] = value;
        show();
        changed();
        const group = key === "images" ? amounts : key === "bet" ? bets : null;
        group?.querySelector("input:checked")?.focus();
      };
      show();
      return [choice(say("작업", "Task"), Object.entries(TASKS), state.task, set("task")), amounts, bets, result];
    },
  };

  // The state of a playground: what the address says, where it says something that fits, and what it starts with.
  const stateOf = (name) => {
    const { start: first, fits } = plays[name];
    const state = { ...first };
    const said = new URLSearchParams(location.search).get(`play-${name}`);
    for (const part of said?.split("~") ?? []) {
      const [key, value] = [part.slice(0, part.indexOf(":")), part.slice(part.indexOf(":") + 1)];
      if (!Object.hasOwn(first, key)) continue;
      if (typeof first[key] === "number") {
        const [least, most, step = 1] = fits[key];
        const number = Number((least + Math.round((Number(value) - least) / step) * step).toFixed(6));
        if (value !== "" && number >= least && number <= most) state[key] = number;
      } else if (Array.isArray(fits[key]) ? fits[key].includes(value) : fits[key].test(value)) state[key] = value;
    }
    return state;
  };
  // An address with a state opens at its playground; one that stands as it starts needs no state.
  const keep = (name, state) => {
    // A notebook's output has no address.
    if (location.protocol === "about:") return;
    const address = new URL(location.href);
    const key = `play-${name}`;
    if (Object.entries(state).every(([part, value]) => value === plays[name].start[part])) address.searchParams.delete(key);
    else address.searchParams.set(key, Object.entries(state).map(([part, value]) => `${part}:${value}`).join("~"));
    address.hash = key;
    history.replaceState(history.state, "", address);
  };

  const start = (box) => {
    const name = box.dataset.play;
    const play = plays[name];
    const state = stateOf(name);
    const body = make("div", { className: "course-play-body" });
    // What screen readers hear after a change: the sentences in bold.
    const heard = make("p", { className: "course-heard" });
    heard.setAttribute("role", "status");
    let waiting = 0;
    // Browsers let a page write its address a hundred times in half a minute, which one stroke of a brush would use up.
    let [resting, late] = [false, false];
    const save = () => {
      late = resting;
      if (resting) return;
      keep(name, state);
      resting = true;
      setTimeout(() => { resting = false; if (late) save(); }, 300);
    };
    const changed = () => {
      save();
      clearTimeout(waiting);
      waiting = setTimeout(() => { heard.textContent = [...body.querySelectorAll(".course-result")].map((each) => each.textContent).join(", "); }, 300);
    };
    const again = press(say("처음으로", "Reset"), () => { Object.assign(state, play.start); fill(); changed(); });
    body.append(again);
    // The button itself stays where it is, and the focus on it.
    const fill = () => {
      for (const part of [...body.children]) if (part !== again) part.remove();
      again.before(...play.build(state, changed, box));
    };
    const title = box.querySelector(".course-play-title");
    box.setAttribute("role", "group");
    box.setAttribute("aria-labelledby", title.id);
    box.replaceChildren(title, body, heard);
    fill();
  };

  // A playground that weighs more is loaded when the reader comes near it.
  const LAZY = { glass: ["glass.js", "glass-net.js"] };
  const open = (name) => { for (const box of document.querySelectorAll(`.course-play[data-play=${name}]`)) start(box); };
  const load = (files) => {
    if (!files.length) return;
    const script = make("script", { src: here.replace("plays.js", files[0]) });
    script.addEventListener("load", () => load(files.slice(1)));
    document.head.append(script);
  };
  const near = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      load(LAZY[target.dataset.play]);
    }
  }, { rootMargin: "800px" });

  const begin = () => {
    const said = [...new URLSearchParams(location.search).keys()].find((key) => document.getElementById(key)?.matches(".course-play"));
    if (said && !location.hash) location.replace(`#${said}`);
    for (const box of document.querySelectorAll(".course-play")) {
      if (box.dataset.play in LAZY) near.observe(box);
      else if (plays[box.dataset.play]) start(box);
    }
  };
  return { math, plays, start, open, begin, parts: { make, say, draw, round, signed, slider, slideTo, choice, press, able, row, titled } };
})();
coursePlays.begin();
