// Playgrounds: small experiments beside the text, without a kernel. Each keeps its state in the address, is worked by
// keyboard, pointer and touch, and computes with the functions in `math`, which the tests compare with PyTorch.
"use strict";

const coursePlays = (() => {
  const { make, root } = course;
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
    // A row that goes round, shrunk to half: by skipping, by windows of two, or after the blur [1, 2, 1] / 4.
    shrink(row, how) {
      const at = (i) => row[(i + row.length) % row.length];
      return Array.from({ length: row.length / 2 }, (_, i) => ({
        stride: at(2 * i),
        max: Math.max(at(2 * i), at(2 * i + 1)),
        average: (at(2 * i) + at(2 * i + 1)) / 2,
        blur: (at(2 * i - 1) + 2 * at(2 * i) + at(2 * i + 1)) / 4,
      })[how]);
    },
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
    through: (gain, depth, shortcut) => (shortcut ? 1 + gain : gain) ** depth,
  };

  // Parts that playgrounds are made of.
  let made = 0;
  const slider = (text, min, max, value, change, step = 1) => {
    const id = `course-play-${made += 1}`;
    const input = make("input", { type: "range", id, min, max, step, value });
    const shown = make("output", { textContent: value });
    shown.htmlFor = id;
    input.addEventListener("input", () => { shown.textContent = input.value; change(Number(input.value)); });
    return make("div", { className: "course-control" }, make("label", { htmlFor: id, textContent: text }), input, shown);
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

  // A map as a grid of numbers. `edit(y, x)` makes it one tab stop in which arrows move and space or a tap changes a cell.
  const grid = (map, label, { marked = () => false, shade = () => 0, edit = null, text = (v) => round(v), size = map[0].length > 8 ? 28 : 40 } = {}) => {
    const picture = draw("svg", {
      viewBox: `0 0 ${map[0].length * size} ${map.length * size}`, width: map[0].length * size, height: map.length * size,
      class: "course-grid", role: edit ? "application" : "img", "aria-label": label,
    });
    map.forEach((row, y) => row.forEach((value, x) => {
      const kinds = ["course-cell", marked(y, x) && "course-marked", value < 0 && "course-negative", size < 28 && "course-small"];
      const cell = draw("g", { class: kinds.filter(Boolean).join(" ") });
      cell.append(draw("rect", { x: x * size + 1, y: y * size + 1, width: size - 2, height: size - 2, "fill-opacity": Math.min(1, Math.abs(shade(value))) * 0.85 }));
      cell.append(draw("text", { x: (x + 0.5) * size, y: (y + 0.5) * size + size / 8, "text-anchor": "middle" }, text(value)));
      if (edit) cell.addEventListener("click", () => edit(y, x));
      picture.append(cell);
    }));
    return picture;
  };
  const editable = (play, draws, size, act) => {
    // Kept outside the picture, which is drawn anew at each change.
    const place = make("div", { className: "course-editable", tabIndex: 0 });
    place.setAttribute("role", "application");
    place.setAttribute("aria-label", say("칸을 화살표로 옮기고 스페이스로 바꾸는 격자", "A grid: arrows move, space changes the cell"));
    let [y, x] = [0, 0];
    const refresh = () => place.replaceChildren(draws([y, x], (a, b) => { [y, x] = [a, b]; act(a, b); }));
    place.addEventListener("keydown", (event) => {
      const [h, w] = size();
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (step) [y, x] = [Math.min(h - 1, Math.max(0, y + step[0])), Math.min(w - 1, Math.max(0, x + step[1]))];
      else if (event.key === " " || event.key === "Enter") act(y, x);
      else return;
      event.preventDefault();
      refresh();
    });
    return { place, refresh };
  };
  const row = (...children) => make("div", { className: "course-row" }, ...children);
  const titled = (text, ...children) => make("div", { className: "course-titled" }, make("p", { textContent: text }), ...children);
  const bar = (share, text) => {
    const picture = draw("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", class: "course-bar", "aria-hidden": "true" });
    picture.append(draw("rect", { x: 0, y: 0, width: Math.max(0.4, 100 * share), height: 8 }));
    return make("div", { className: "course-barred" }, picture, make("span", { textContent: text }));
  };

  const plays = {};

  plays.size = {
    title: say("출력 크기와 윈도우", "Output size and windows"),
    start: { n: 10, k: 3, s: 2, p: 0, ceil: 0 },
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
          : left ? say(`오른쪽 ${left}칸은 어느 윈도우에도 들지 않습니다.`, `The last ${left} on the right are in no window.`) : "";
        const fits = (size - 1) * s >= n + p - s && math.outputSize(n, k, s, p, false) !== size;
        result.replaceChildren(picture, make("p", { className: "course-result", textContent: `${formula} ${fits || state.ceil === 0 || Math.ceil((n + 2 * p - k) / s) + 1 === size ? "=" : "→"} ${Math.max(0, size)}` }), make("p", { textContent: note }));
      };
      const set = (key) => (value) => { state[key] = value; if (state.p > state.k / 2) state.p = Math.floor(state.k / 2); show(); changed(); };
      show();
      return [
        row(slider(say("입력 크기 n", "Input size n"), 4, 16, state.n, set("n")), slider(say("윈도우 k", "Window k"), 1, 5, state.k, set("k"))),
        row(slider(say("스트라이드 s", "Stride s"), 1, 4, state.s, set("s")), slider(say("패딩 p (k의 절반까지)", "Padding p (up to half of k)"), 0, 2, state.p, set("p"))),
        choice("ceil_mode", [["0", "False"], ["1", "True"]], String(state.ceil), (value) => set("ceil")(Number(value))), result,
      ];
    },
  };

  plays.pool = {
    title: say("풀링을 한 칸씩, 그리고 기울기가 돌아가는 길", "Pooling step by step, and the gradient's way back"),
    start: { m: "1364272953181740", kind: "max", step: 0 },
    build(state, changed) {
      const map = () => [0, 1, 2, 3].map((y) => [...state.m.slice(4 * y, 4 * y + 4)].map(Number));
      const out = make("div");
      const input = editable(plays.pool, (at, tap) => {
        const [a, b] = [2 * Math.floor(state.step / 2), 2 * (state.step % 2)];
        return grid(map(), say("입력 4×4", "Input 4×4"), {
          marked: (y, x) => (y >= a && y < a + 2 && x >= b && x < b + 2), shade: (v) => v / 9, edit: tap,
          text: (v) => v,
        });
      }, () => [4, 4], (y, x) => {
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
          titled(say("출력", "Output"), grid(pooled, say("출력 2×2", "Output 2×2"), { marked: (y, x) => 2 * y + x === state.step, shade: (v) => v / 9 })),
          titled(say("출력마다 1을 돌려보내면", "A gradient of 1 sent back from each output"), grid(back, say("입력의 기울기", "Gradient of the input"), { shade: (v) => v })),
        ), make("p", { textContent: state.kind === "max" && tie ? say("최댓값이 같으면 먼저 나온 칸이 모두 가져갑니다.", "Of equal maxima the first cell takes everything.") : "" }));
      };
      show();
      return [
        choice(say("종류", "Kind"), [["max", say("최대", "max")], ["average", say("평균", "average")]], state.kind, (kind) => { state.kind = kind; show(); changed(); }),
        slider(say("몇 번째 윈도우", "Which window"), 1, 4, state.step + 1, (step) => { state.step = step - 1; show(); changed(); }),
        row(titled(say("입력 (칸을 눌러 바꾸세요)", "Input (press a cell to change it)"), input.place)), out,
      ];
    },
  };

  plays.shift = {
    title: say("한 픽셀 밀기", "Shift by one pixel"),
    start: { period: 4, by: 0, how: "max" },
    build(state, changed) {
      const result = make("div");
      const stripes = (by) => Array.from({ length: 16 }, (_, i) => (((i - by) % state.period + state.period) % state.period < state.period / 2 ? 1 : 0));
      const show = () => {
        const [before, after] = [math.shrink(stripes(0), state.how), math.shrink(stripes(state.by), state.how)];
        const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
        const line = (list, label) => grid([list], label, { shade: (v) => v, text: (v) => round(v) });
        result.replaceChildren(
          titled(say("입력 (16픽셀, 끝과 처음이 이어집니다)", "Input (16 pixels that go round)"), line(stripes(state.by), say("입력", "Input"))),
          titled(say("줄인 결과 (8칸)", "Shrunk (8 cells)"), line(after, say("결과", "Result"))),
          make("p", { className: "course-result", textContent: say(
            `평균: 밀기 전 ${round(mean(before), 3)}, 민 뒤 ${round(mean(after), 3)}`,
            `Mean: ${round(mean(before), 3)} before the shift, ${round(mean(after), 3)} after it`) }),
        );
      };
      const set = (key) => (value) => { state[key] = value; show(); changed(); };
      show();
      return [
        choice(say("줄이는 법", "Shrink by"), [["stride", say("건너뛰기", "skipping")], ["max", say("최대", "max")], ["average", say("평균", "average")], ["blur", say("블러 뒤 건너뛰기", "blur, then skip")]], state.how, set("how")),
        row(slider(say("줄무늬 주기", "Period of the stripes"), 2, 8, state.period, set("period"), 2), slider(say("미는 픽셀 수", "Shift, in pixels"), 0, 7, state.by, set("by"))), result,
      ];
    },
  };

  plays.gap = {
    title: say("그려서 보는 GAP", "GAP of what you paint"),
    start: { m: "0000000000000000001100000011000000000000000000000000000000000000" },
    build(state, changed) {
      const map = () => Array.from({ length: 8 }, (_, y) => [...state.m.slice(8 * y, 8 * y + 8)].map(Number));
      const result = make("div");
      const write = (rows) => { state.m = rows.map((r) => r.join("")).join(""); show(); changed(); };
      const input = editable(plays.gap, (at, tap) => grid(map(), "8×8", { marked: (y, x) => y === at[0] && x === at[1], shade: (v) => v, edit: tap, text: () => "" }), () => [8, 8], (y, x) => {
        const rows = map();
        rows[y][x] = 1 - rows[y][x];
        write(rows);
      });
      const move = (dy, dx) => write(map().map((r, y) => r.map((_, x) => map()[(y - dy + 8) % 8][(x - dx + 8) % 8])));
      const show = () => {
        input.refresh();
        const value = math.mean(map());
        const where = state.m.indexOf("1");
        result.replaceChildren(make("p", { className: "course-result", textContent: `GAP = ${round(value, 4)} · GMP = ${Math.max(...map().flat())}` }),
          make("p", { textContent: say(
            `평탄화한 64칸에서는 첫 1이 ${where < 0 ? "없습니다" : `${where}번 자리에 있습니다`}. 그림을 옮기면 자리는 바뀌고 GAP는 그대로입니다.`,
            `Flattened to 64 numbers, the first 1 ${where < 0 ? "is nowhere" : `stands at place ${where}`}. Move the picture: the place changes, GAP does not.`) }));
      };
      show();
      return [row(titled(say("칸을 눌러 그리세요", "Press cells to paint"), input.place),
        make("div", { className: "course-buttons" }, press(say("위로", "Up"), () => move(-1, 0)), press(say("아래로", "Down"), () => move(1, 0)), press(say("왼쪽으로", "Left"), () => move(0, -1)), press(say("오른쪽으로", "Right"), () => move(0, 1)), press(say("지우기", "Clear"), () => write(map().map((r) => r.map(() => 0)))))), result];
    },
  };

  plays.bill = {
    title: say("헤드의 파라미터 수", "Parameters of the head"),
    start: { c: 128, side: 16, classes: 10 },
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
      return [row(slider(say("채널 C", "Channels C"), 8, 512, state.c, set("c"), 8), slider(say("한 변 H = W", "Side H = W"), 1, 32, state.side, set("side")), slider(say("클래스", "Classes"), 2, 1000, state.classes, set("classes"))), result];
    },
  };

  plays.field = {
    title: say("자라는 수용 영역", "A receptive field grows"),
    start: { layers: "3333" },
    build(state, changed) {
      const KINDS = { 3: [3, 1, say("3×3 합성곱", "3×3 convolution")], 5: [5, 1, say("5×5 합성곱", "5×5 convolution")], s: [3, 2, say("3×3, 스트라이드 2", "3×3, stride 2")], p: [2, 2, say("2×2 풀링", "2×2 pooling")] };
      const result = make("div");
      const show = () => {
        const chosen = [...state.layers].map((key) => KINDS[key]);
        const steps = chosen.map((_, i) => math.field(chosen.slice(0, i + 1)));
        const widest = Math.max(15, ...steps.map(([r]) => r));
        const list = make("ol", { className: "course-steps-list" });
        steps.forEach(([r, j], i) => list.append(make("li", {}, bar(r / widest, say(`${chosen[i][2]}: ${r}픽셀, 이웃 칸 사이 ${j}픽셀`, `${chosen[i][2]}: ${r} pixels, ${j} between neighbors`)))));
        result.replaceChildren(list);
      };
      const set = (layers) => { state.layers = layers.slice(0, 12); show(); changed(); };
      show();
      return [make("div", { className: "course-buttons" }, ...Object.entries(KINDS).map(([key, [, , name]]) => press(`+ ${name}`, () => set(state.layers + key))), press(say("하나 빼기", "Remove one"), () => set(state.layers.slice(0, -1)))), result];
    },
  };

  plays.cam = {
    title: say("CAM을 섞기", "Mix a CAM"),
    start: { a: 1, b: 0, c: -0.5 },
    build(state, changed) {
      const blob = (y, x) => Array.from({ length: 6 }, (_, i) => Array.from({ length: 6 }, (_, j) => Number((2 * Math.exp(-((i - y) ** 2 + (j - x) ** 2) / 2.5)).toFixed(1))));
      const maps = [blob(1, 1), blob(4, 4), blob(1, 4)];
      const result = make("div");
      const show = () => {
        const weights = [state.a, state.b, state.c];
        const made = math.cam(maps, weights);
        const logit = weights.reduce((sum, w, i) => sum + w * math.mean(maps[i]), 0);
        const picture = (map, label) => grid(map, label, { shade: (v) => v / 2, text: (v) => round(v, 1), size: 24 });
        result.replaceChildren(
          row(...maps.map((map, i) => titled(say(`맵 ${i + 1}, 가중치 ${weights[i]}`, `map ${i + 1}, weight ${weights[i]}`), picture(map, say(`특징 맵 ${i + 1}`, `Feature map ${i + 1}`)))), titled("CAM", picture(made, "CAM"))),
          make("p", { className: "course-result", textContent: say(`CAM의 평균 ${round(math.mean(made), 4)} = 가중치 · GAP ${round(logit, 4)} (편향을 뺀 로짓)`, `mean of the CAM ${round(math.mean(made), 4)} = weights · GAP ${round(logit, 4)} (the logit without its bias)`) }));
      };
      const set = (key) => (value) => { state[key] = value; show(); changed(); };
      show();
      return [row(...["a", "b", "c"].map((key, i) => slider(say(`가중치 ${i + 1}`, `Weight ${i + 1}`), -2, 2, state[key], set(key), 0.1))), result];
    },
  };

  plays.residual = {
    title: say("층을 지나는 기울기", "A gradient through the layers"),
    start: { gain: 0.8, depth: 20 },
    build(state, changed) {
      const result = make("div");
      const show = () => {
        const [plain, short] = [math.through(state.gain, state.depth, false), math.through(state.gain, state.depth, true)];
        const power = (v) => (v >= 0.001 && v < 10000 ? round(v, 3) : v.toExponential(1));
        const share = (v) => Math.min(1, Math.max(0, (Math.log10(v) + 12) / 24));
        result.replaceChildren(
          bar(share(plain), say(`숏컷 없이: ${state.gain}을 ${state.depth}번 곱해 ${power(plain)}`, `plain: ${state.gain} multiplied ${state.depth} times, ${power(plain)}`)),
          bar(share(short), say(`숏컷과 함께: (1 + ${state.gain})을 ${state.depth}번 곱해 ${power(short)}`, `with shortcuts: (1 + ${state.gain}) multiplied ${state.depth} times, ${power(short)}`)),
          make("p", { textContent: say("막대는 10⁻¹²에서 10¹²까지의 로그 눈금입니다. 층마다 이득이 같다고 본 어림이라, 사라지는 쪽도 터지는 쪽도 이득이 정합니다. 실제 신경망에서는 초기화와 정규화가 이득을 정합니다.", "The bars are logarithmic, from 10⁻¹² to 10¹². Every layer is taken to have the same gain, so the gain decides whether the gradient vanishes or explodes; in a real network initialization and normalization set it.") }));
      };
      const set = (key) => (value) => { state[key] = value; show(); changed(); };
      show();
      return [row(slider(say("블록의 이득", "Gain of a block"), 0, 1.5, state.gain, set("gain"), 0.05), slider(say("깊이", "Depth"), 1, 50, state.depth, set("depth"))), result];
    },
  };

  plays.conflict = {
    title: say("두 작업의 기울기", "The gradients of two tasks"),
    start: { angle: 90, length: 1 },
    build(state, changed) {
      const result = make("div");
      const show = () => {
        const { cosine, first, second } = math.conflict(state.length, state.angle);
        const turn = state.angle * Math.PI / 180;
        const [x, y] = [70 * state.length * Math.cos(turn), -70 * state.length * Math.sin(turn)];
        const arrow = (dx, dy, kind) => draw("path", { d: `M0 0L${dx} ${dy}`, class: `course-arrow ${kind}`, "marker-end": "url(#course-tip)" });
        const tip = draw("marker", { id: "course-tip", viewBox: "0 0 10 10", refX: 8, refY: 5, markerWidth: 5, markerHeight: 5, orient: "auto-start-reverse" }, draw("path", { d: "M0 0L10 5L0 10z" }));
        const picture = draw("svg", { viewBox: "-160 -160 320 190", width: 320, height: 190, role: "img", "aria-label": say(`각도 ${state.angle}도`, `Angle ${state.angle} degrees`) }, draw("defs", {}, tip), arrow(70, 0, "course-one"), arrow(x, y, "course-two"), arrow(70 + x, y, "course-sum"));
        const effect = (value) => (value < -1e-9 ? say("줄어듭니다", "falls") : value > 1e-9 ? say("늘어납니다", "rises") : say("그대로입니다", "stays"));
        result.replaceChildren(picture, make("p", { className: "course-result", textContent: say(`코사인 ${round(cosine)}: 첫째 손실은 ${effect(first)}(${round(first)}), 둘째 손실은 ${effect(second)}(${round(second)})`, `cosine ${round(cosine)}: the first loss ${effect(first)} (${round(first)}), the second ${effect(second)} (${round(second)})`) }),
          make("p", { textContent: say("두 기울기를 더한 쪽으로 아주 조금 움직였을 때 손실의 변화를 일차로 어림한 값입니다. 스텝 크기를 1로 적었습니다.", "The change of each loss, to first order, for a small step against the sum of both gradients; the step size is written as 1.") }));
      };
      const set = (key) => (value) => { state[key] = value; show(); changed(); };
      show();
      return [row(slider(say("두 기울기 사이의 각도", "Angle between the gradients"), 0, 180, state.angle, set("angle"), 5), slider(say("둘째 기울기의 길이", "Length of the second"), 0, 2, state.length, set("length"), 0.1)), result];
    },
  };

  // The state of a playground: what the address says, where it says something that fits, and what it starts with.
  const stateOf = (name) => {
    const state = { ...plays[name].start };
    const said = new URLSearchParams(location.search).get(`play-${name}`);
    for (const part of said?.split("~") ?? []) {
      const [key, value] = [part.slice(0, part.indexOf(":")), part.slice(part.indexOf(":") + 1)];
      if (!(key in state)) continue;
      if (typeof state[key] === "number") { if (Number.isFinite(Number(value))) state[key] = Number(value); }
      else if (/^[\w-]+$/.test(value)) state[key] = value;
    }
    return state;
  };
  const keep = (name, state) => {
    const address = new URL(location.href);
    address.searchParams.set(`play-${name}`, Object.entries(state).map(([key, value]) => `${key}:${value}`).join("~"));
    history.replaceState(history.state, "", address);
  };

  const start = (box) => {
    const name = box.dataset.play;
    const play = plays[name];
    if (!play) return;
    const state = stateOf(name);
    const body = make("div", { className: "course-play-body" });
    const again = press(say("처음으로", "Reset"), () => { Object.assign(state, play.start); fill(); keep(name, state); });
    const fill = () => body.replaceChildren(...play.build(state, () => keep(name, state)), again);
    box.replaceChildren(make("p", { className: "course-play-title", textContent: play.title }), body);
    fill();
  };
  for (const box of document.querySelectorAll(".course-play")) start(box);

  return { math, plays, start };
})();
