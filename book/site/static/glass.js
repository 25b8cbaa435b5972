// The glass network: two small networks of the course, computed here, every number in sight. Loaded by plays.js when a
// reader comes near; glass-net.js brings the weights. The tests hold `math` against PyTorch.
"use strict";

const courseGlass = (() => {
  const { make, say, draw, round, slider, slideTo, choice, press, able, row, titled } = coursePlays.parts;
  const STRIDES = [1, 2, 2];
  const HEADS = ["gap", "flatten"];
  let net = null;

  // Maps are { data, channels, side }: a Float32Array, channel after channel, row after row.
  const math = {
    // Little-endian float32 in base64, cut into the layers' weights and biases.
    weights({ nets, channels, classes: names, size }, head) {
      const classes = names.length;
      const side = STRIDES.reduce((n, stride) => Math.floor((n - 1) / stride) + 1, size);
      const last = channels.at(-1) * (head === "gap" ? 1 : side * side);
      const bytes = Uint8Array.from(atob(nets[head]), (letter) => letter.charCodeAt(0));
      const view = new DataView(bytes.buffer);
      const all = Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
      let at = 0;
      const take = (n) => all.subarray(at, at += n);
      const convolutions = channels.map((out, i) => ({ weight: take(out * (channels[i - 1] ?? 3) * 9), bias: take(out), out, stride: STRIDES[i] }));
      return { convolutions, weight: take(classes * last), bias: take(classes), classes };
    },
    // 3×3, padding of one zero, then ReLU.
    convolve({ data, channels, side }, { weight, bias, out, stride }) {
      const size = Math.floor((side - 1) / stride) + 1;
      const made = new Float32Array(out * size * size);
      for (let o = 0; o < out; o += 1) {
        for (let i = 0; i < size; i += 1) {
          for (let j = 0; j < size; j += 1) {
            let sum = bias[o];
            for (let a = 0; a < 3; a += 1) {
              const y = i * stride + a - 1;
              if (y < 0 || y >= side) continue;
              for (let b = 0; b < 3; b += 1) {
                const x = j * stride + b - 1;
                if (x < 0 || x >= side) continue;
                for (let c = 0; c < channels; c += 1) sum += weight[((o * channels + c) * 3 + a) * 3 + b] * data[(c * side + y) * side + x];
              }
            }
            made[(o * size + i) * size + j] = Math.max(0, sum);
          }
        }
      }
      return { data: made, channels: out, side: size };
    },
    // What a network makes of an image { data, channels: 3, side } with values in [0, 1]. `cams` has one map per class: for
    // GAP the class activation maps, whose mean is the logit without its bias; for flatten what each place adds to it.
    run({ convolutions, weight, bias, classes }, head, image) {
      let maps = { ...image, data: image.data.map((value) => value - 0.4) };
      const layers = convolutions.map((layer) => (maps = math.convolve(maps, layer)));
      const { data, channels, side } = maps;
      const area = side * side;
      const vector = head === "gap"
        ? Float32Array.from({ length: channels }, (_, c) => data.subarray(c * area, (c + 1) * area).reduce((a, b) => a + b, 0) / area) : data;
      const logits = Float32Array.from({ length: classes }, (_, k) => vector.reduce((sum, value, i) => sum + value * weight[k * vector.length + i], bias[k]));
      const cams = Array.from({ length: classes }, (_, k) => Float32Array.from({ length: area }, (_, place) => {
        let sum = 0;
        for (let c = 0; c < channels; c += 1) sum += data[c * area + place] * weight[head === "gap" ? k * channels + c : (k * channels + c) * area + place];
        return sum;
      }));
      return { layers, vector, logits, cams };
    },
    // Which pixels a shape covers, from offsets to its center in radii; as the course's `draw_shapes`.
    inside: {
      circle: (y, x) => y * y + x * x <= 1,
      square: (y, x) => Math.abs(y) <= 0.85 && Math.abs(x) <= 0.85,
      triangle: (y, x) => y <= 0.9 && Math.abs(x) <= (y + 1) * 0.53,
      cross: (y, x) => (Math.abs(y) <= 0.3 && Math.abs(x) <= 1) || (Math.abs(x) <= 0.3 && Math.abs(y) <= 1),
    },
    shape: (name, row, column, size, radius) => Array.from({ length: size * size },
      (_, at) => (math.inside[name]((Math.floor(at / size) - row) / radius, ((at % size) - column) / radius) ? 1 : 0)),
    image: (mask, size, [dark, bright]) => ({ channels: 3, side: size, data: Float32Array.from({ length: 3 * mask.length }, (_, i) => (mask[i % mask.length] ? bright : dark)) }),
    // A painted picture in an address: six pixels a letter.
    letters: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
    write: (mask) => Array.from({ length: Math.ceil(mask.length / 6) }, (_, i) => math.letters[[0, 1, 2, 3, 4, 5].reduce((sum, b) => sum * 2 + (mask[6 * i + b] ?? 0), 0)]).join(""),
    read: (text, length) => Array.from({ length }, (_, i) => (math.letters.indexOf(text[Math.floor(i / 6)] ?? "A") >> (5 - (i % 6))) & 1),
  };

  const NAMES = { circle: say("원", "circle"), square: say("정사각형", "square"), triangle: say("삼각형", "triangle"), cross: say("십자", "cross") };
  const HEAD_NAMES = { gap: say("GAP 헤드", "GAP head"), flatten: say("평탄화 헤드", "flatten head") };
  const fixed = (value) => value.toFixed(2).replace(/^-0\.00$/, "0.00").replace("-", "−");
  const percent = (share) => `${Math.round(100 * share)}%`;

  // Values as shades of one colour, which shows on light and dark pages alike; negative ones in orange.
  const paintMap = (canvas, data, side, most) => {
    canvas.width = canvas.height = side;
    const pixels = new ImageData(side, side);
    for (let i = 0; i < side * side; i += 1) {
      pixels.data.set(data[i] < 0 ? [214, 105, 30] : [38, 130, 196], 4 * i);
      pixels.data[4 * i + 3] = 255 * Math.min(1, Math.abs(data[i]) / (most || 1)) ** 0.6;  // small values still show
    }
    canvas.getContext("2d").putImageData(pixels, 0, 0);
  };
  const largest = (data) => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const mapCanvas = (kind) => {
    const canvas = make("canvas", { className: `course-map course-map-${kind}` });
    canvas.setAttribute("role", "img");
    return canvas;
  };

  // Accuracy by the shape's column: mean of the seeds, their range, and where the reader's shape is now.
  const chart = (numbers) => {
    const [w, h, left, top] = [340, 170, 44, 10];
    const columns = numbers.gap.by_column.length;
    const x = (i) => left + (i / (columns - 1)) * (w - left - 10);
    const y = (share) => top + (1 - share) * (h - top - 34);
    const says = say(
      `도형이 놓인 열에 따른 정확도. GAP 헤드는 어느 열에서나 ${percent(Math.min(...numbers.gap.by_column.map(([mean]) => mean)))} 이상이고, 평탄화 헤드는 왼쪽에서 ${percent(numbers.flatten.by_column[0][0])}, 오른쪽 끝에서 ${percent(numbers.flatten.by_column.at(-1)[0])}입니다.`,
      `Accuracy by the shape’s column. The GAP head has at least ${percent(Math.min(...numbers.gap.by_column.map(([mean]) => mean)))} in every column; the flatten head has ${percent(numbers.flatten.by_column[0][0])} on the far left and ${percent(numbers.flatten.by_column.at(-1)[0])} on the far right.`);
    const picture = draw("svg", { viewBox: `0 0 ${w} ${h}`, class: "course-chart", role: "img", "aria-label": says });
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      picture.append(draw("path", { d: `M${left} ${y(share)}H${w - 10}`, class: share === 0.25 ? "course-chart-chance" : "course-chart-line" }));
      picture.append(draw("text", { x: left - 6, y: y(share) + 4, "text-anchor": "end" }, percent(share)));
    }
    const middle = (columns - 1) / 2;
    picture.append(draw("path", { d: `M${x(middle)} ${top}V${y(0)}`, class: "course-chart-middle" }));
    picture.append(draw("text", { x: x(middle / 2), y: h - 6, "text-anchor": "middle" }, say("← 왼쪽", "← left")), draw("text", { x: x(middle * 1.5), y: h - 6, "text-anchor": "middle" }, say("오른쪽 →", "right →")));
    for (const head of HEADS) {
      const points = numbers[head].by_column;
      const band = [...points.map(([, , high], i) => `${x(i)} ${y(high)}`), ...points.map(([, low], i) => `${x(i)} ${y(low)}`).reverse()];
      picture.append(draw("path", { d: `M${band.join("L")}Z`, class: `course-chart-band course-chart-${head}` }));
      picture.append(draw("path", { d: `M${points.map(([mean], i) => `${x(i)} ${y(mean)}`).join("L")}`, class: `course-chart-curve course-chart-${head}` }));
    }
    const now = draw("path", { class: "course-chart-now" });
    picture.append(now);
    // each right below the end of its curve, over the line, which they interrupt
    for (const head of HEADS) picture.append(draw("text", { x: x(columns - 1), y: y(numbers[head].by_column.at(-1)[0]) + 16, "text-anchor": "end", class: `course-chart-${head}` }, HEAD_NAMES[head]));
    return { picture, mark: (column) => now.setAttribute("d", column < 0 || column >= columns ? "" : `M${x(column)} ${top}V${y(0)}`) };
  };

  coursePlays.plays.glass = {
    start: { shape: "circle", x: 8, y: 16, m: "-", of: "answer", maps: "gap", pen: "move" },
    fits: { shape: Object.keys(NAMES), x: [0, 32], y: [0, 32], m: /^(-|[\w-]{182})$/, of: ["answer", ...Object.keys(NAMES)], maps: HEADS, pen: ["move", "paint", "erase"] },
    build(state, changed, box) {
      const { size, radius, classes, shades, channels } = net;
      const numbers = JSON.parse(box.dataset.numbers);
      const nets = Object.fromEntries(HEADS.map((head) => [head, math.weights(net, head)]));
      const middle = (size - 1) / 2;
      const mask = () => {
        if (state.m === "-") return math.shape(state.shape, state.y, state.x, size, radius);
        const painted = math.read(state.m, size * size);
        const [dy, dx] = [state.y - middle, state.x - middle];
        return Array.from({ length: size * size }, (_, at) => {
          const [y, x] = [Math.floor(at / size) - dy, (at % size) - dx];
          return y >= 0 && y < size && x >= 0 && x < size ? painted[y * size + x] : 0;
        });
      };

      // The picture: dragged or painted with a finger, or by arrows and space.
      const cell = 8;
      const picture = make("canvas", { className: "course-glass-picture", width: size * cell, height: size * cell, tabIndex: 0 });
      picture.setAttribute("role", "application");
      picture.setAttribute("aria-label", say("그림, 33×33픽셀. 옮기기에서는 화살표가 그림을 옮기고, 그리기와 지우기에서는 화살표가 붓을 옮기고 스페이스가 칠합니다.", "Picture, 33×33 pixels. When moving, arrows move the picture; when painting or erasing, arrows move the brush and space applies it."));
      const brush = { y: middle, x: middle };
      const where = make("p", { className: "course-glass-where" });
      where.setAttribute("aria-live", "polite");
      const clamp = (value) => Math.min(size - 1, Math.max(0, value));
      const move = (dy, dx) => { state.y = clamp(state.y + dy); state.x = clamp(state.x + dx); show(); changed(); };
      const apply = (cells) => {
        const now = mask();
        for (const [y, x] of cells) {
          for (const [a, b] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
            if (y + a < size && x + b < size) now[(y + a) * size + x + b] = state.pen === "paint" ? 1 : 0;
          }
        }
        [brush.y, brush.x] = cells.at(-1);
        Object.assign(state, { m: math.write(now), x: middle, y: middle });
        show();
        changed();
      };
      picture.addEventListener("keydown", (event) => {
        const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
        if (step && state.pen === "move") move(...step);
        else if (step) { brush.y = clamp(brush.y + step[0]); brush.x = clamp(brush.x + step[1]); show(); }
        else if ((event.key === " " || event.key === "Enter") && state.pen !== "move") apply([[brush.y, brush.x]]);
        else return;
        event.preventDefault();
      });
      const at = (event) => {
        const place = picture.getBoundingClientRect();
        return [event.clientY - place.top, event.clientX - place.left].map((far) => Math.floor((far / place.width) * size));
      };
      let held = null;
      picture.addEventListener("pointerdown", (event) => {
        if (event.button || !event.isPrimary) return;
        picture.setPointerCapture(event.pointerId);
        held = at(event);
        if (state.pen !== "move") apply([held.map(clamp)]);
      });
      picture.addEventListener("pointermove", (event) => {
        if (!held || !event.isPrimary) return;
        const now = at(event);
        if (now[0] === held[0] && now[1] === held[1]) return;
        if (state.pen === "move") move(now[0] - held[0], now[1] - held[1]);
        else apply(coursePlays.math.line(held, now).map((cell) => cell.map(clamp)));
        held = now;
      });
      for (const end of ["pointerup", "pointercancel"]) picture.addEventListener(end, () => { held = null; });

      const answer = make("div", { className: "course-glass-answer" });
      answer.setAttribute("aria-live", "polite");
      const logits = make("table", { className: "course-glass-logits" });
      const cams = Object.fromEntries(HEADS.map((head) => [head, { canvas: mapCanvas("cam"), text: make("p") }]));
      const inner = make("div", { className: "course-glass-layers" });
      const layers = channels.map((count, i) => {
        const about = make("p");
        const maps = Array.from({ length: count }, () => ({ canvas: mapCanvas(i + 1), text: make("figcaption") }));
        inner.append(about, make("div", { className: "course-maps" }, ...maps.map(({ canvas, text }) => make("figure", {}, canvas, ...(i === 2 ? [text] : [])))));
        return { about, maps };
      });
      const curve = chart(numbers);
      const sliders = ["x", "y"].map((key) => slider(key === "x" ? say("가로 위치", "Column") : say("세로 위치", "Row"), [0, size - 1], state[key], (value) => { state[key] = value; show(); changed(); }));

      const set = (key) => (value) => { state[key] = value; show(); changed(); };
      const shapes = choice(say("도형", "Shape"), classes.map((name) => [name, NAMES[name]]), "", (name) => { Object.assign(state, { shape: name, m: "-" }); show(); changed(); });

      const mapsOf = choice(say("어느 클래스의 맵", "Map of which class"), [["answer", ""], ...classes.map((name) => [name, NAMES[name]])], state.of, set("of"));
      const steps = [[0, -1, say("← 왼쪽", "← left")], [0, 1, say("→ 오른쪽", "→ right")], [-1, 0, say("↑ 위", "↑ up")], [1, 0, say("↓ 아래", "↓ down")]].map(([dy, dx, text]) => [dy, dx, press(text, () => move(dy, dx))]);

      const show = () => {
        const pixels = mask();
        const brushPen = picture.getContext("2d");
        const shade = shades.map((value) => `rgb(${[255, 255, 255].map((most) => Math.round(most * value)).join()})`);
        for (let i = 0; i < pixels.length; i += 1) {
          brushPen.fillStyle = shade[pixels[i]];
          brushPen.fillRect((i % size) * cell, Math.floor(i / size) * cell, cell, cell);
        }
        brushPen.strokeStyle = "#ffb26b";
        brushPen.lineWidth = 2;
        brushPen.setLineDash([6, 5]);
        brushPen.strokeRect(size * cell / 2, -2, size * cell, size * cell + 4);
        brushPen.setLineDash([]);
        if (state.pen !== "move") brushPen.strokeRect(brush.x * cell + 1, brush.y * cell + 1, 2 * cell - 2, 2 * cell - 2);
        where.textContent = state.pen === "move" ? say(`${state.y + 1}행 ${state.x + 1}열`, `row ${state.y + 1}, column ${state.x + 1}`) : say(`붓: ${brush.y + 1}행 ${brush.x + 1}열`, `brush: row ${brush.y + 1}, column ${brush.x + 1}`);
        for (const [i, key] of ["x", "y"].entries()) slideTo(sliders[i], state[key], state[key] + 1);
        for (const input of shapes.querySelectorAll("input")) input.checked = state.m === "-" && input.value === state.shape;
        // A painted picture is no shape whose class is known.
        mapsOf.querySelector("label").lastChild.textContent = state.m === "-" ? say(" 그 도형", " the shape itself") : say(" GAP 헤드의 답", " the GAP head’s answer");
        for (const [dy, dx, button] of steps) able(button, clamp(state.y + dy) !== state.y || clamp(state.x + dx) !== state.x);

        const image = math.image(pixels, size, shades);
        const found = Object.fromEntries(HEADS.map((head) => [head, math.run(nets[head], head, image)]));
        const told = Object.fromEntries(HEADS.map((head) => [head, found[head].logits.indexOf(Math.max(...found[head].logits))]));
        const drawn = state.m === "-" ? classes.indexOf(state.shape) : -1;
        answer.replaceChildren(...HEADS.map((head) => {
          const right = told[head] === drawn;
          const verdict = drawn < 0 ? "" : right ? say(" ✓ 맞음", " ✓ correct") : say(" ✗ 틀림", " ✗ wrong");
          return make("p", { className: drawn >= 0 && !right ? "course-wrong" : "" }, `${HEAD_NAMES[head]}: `, make("strong", { textContent: NAMES[classes[told[head]]] }), verdict);
        }));
        logits.replaceChildren(
          make("caption", { textContent: say("로짓. 굵은 것이 답입니다.", "Logits. The answer is in bold.") }),
          make("thead", {}, make("tr", {}, make("td"), ...HEADS.map((head) => make("th", { scope: "col", textContent: HEAD_NAMES[head] })))),
          make("tbody", {}, ...classes.map((name, k) => make("tr", {}, make("th", { scope: "row", textContent: NAMES[name] }), ...HEADS.map((head) => make("td", { className: told[head] === k ? "course-most" : "", textContent: fixed(found[head].logits[k]) }))))));

        const k = state.of === "answer" ? (drawn < 0 ? told.gap : drawn) : classes.indexOf(state.of);
        const asked = NAMES[classes[k]];
        for (const head of HEADS) {
          const { canvas, text } = cams[head];
          const map = found[head].cams[k];
          const sum = map.reduce((a, b) => a + b, 0);
          const bias = nets[head].bias[k];
          paintMap(canvas, map, 9, largest(map));
          text.textContent = head === "gap"
            ? say(`평균 ${fixed(sum / 81)} + 편향 ${fixed(bias)} = 로짓 ${fixed(found.gap.logits[k])}`, `mean ${fixed(sum / 81)} + bias ${fixed(bias)} = logit ${fixed(found.gap.logits[k])}`)
            : say(`합 ${fixed(sum)} + 편향 ${fixed(bias)} = 로짓 ${fixed(found.flatten.logits[k])}`, `sum ${fixed(sum)} + bias ${fixed(bias)} = logit ${fixed(found.flatten.logits[k])}`);
          const peak = map.indexOf(Math.max(...map));
          canvas.setAttribute("aria-label", say(`${HEAD_NAMES[head]}, ${asked}의 지도 9×9. 가장 큰 칸은 ${Math.floor(peak / 9) + 1}행 ${(peak % 9) + 1}열`, `${HEAD_NAMES[head]}, map of ${asked}, 9×9; largest in row ${Math.floor(peak / 9) + 1}, column ${(peak % 9) + 1}`));
        }

        const { layers: seen, vector } = found[state.maps];
        seen.forEach(({ data, side, channels: count }, i) => {
          const most = largest(data);
          layers[i].about.textContent = [
            say(`첫째 층: ${count}장, ${side}×${side}`, `First layer: ${count} maps, ${side}×${side}`),
            say(`둘째 층: ${count}장, ${side}×${side}`, `Second layer: ${count} maps, ${side}×${side}`),
            state.maps === "gap"
              ? say(`셋째 층: ${count}장, ${side}×${side}. 아래는 GAP 벡터와 ‘${asked}’\u2060의 가중치, 그 곱입니다. 곱을 모두 더하고 편향을 더하면 로짓입니다.`, `Third layer: ${count} maps, ${side}×${side}. Below: the GAP vector, times the weight for “${asked}”. The products and the bias add up to the logit.`)
              : say(`셋째 층: ${count}장, ${side}×${side}. 아래는 그 맵의 81칸이 ‘${asked}’\u2060의 로짓에 보탠 값입니다. 모두 더하고 편향을 더하면 로짓입니다.`, `Third layer: ${count} maps, ${side}×${side}. Below: what its 81 cells add to the logit of “${asked}”. All of them and the bias add up to the logit.`),
          ][i];
          layers[i].maps.forEach(({ canvas, text }, c) => {
            const map = data.subarray(c * side * side, (c + 1) * side * side);
            paintMap(canvas, map, side, most);
            const mean = map.reduce((a, b) => a + b, 0) / map.length;
            canvas.setAttribute("aria-label", say(`${i + 1}층 맵 ${c + 1}, 평균 ${round(mean)}`, `layer ${i + 1}, map ${c + 1}, mean ${round(mean)}`));
            if (i < 2) return;
            const { weight } = nets[state.maps];
            if (state.maps === "gap") {
              const w = weight[k * count + c];
              text.replaceChildren(make("b", { textContent: fixed(vector[c]) }), make("span", { textContent: `× ${fixed(w)}` }), make("span", { textContent: `= ${fixed(vector[c] * w)}` }));
            } else {
              text.replaceChildren(make("b", { textContent: fixed(map.reduce((sum, value, place) => sum + value * weight[(k * count + c) * map.length + place], 0)) }));
            }
          });
        });
        curve.mark(state.m === "-" ? state.x - (size - numbers.gap.by_column.length) / 2 : -1);
      };

      const range = ([mean, low, high]) => (percent(low) === percent(high) ? percent(mean) : `${percent(mean)} (${percent(low)}–${percent(high)})`);
      show();
      return [
        make("p", { textContent: say(
          "학습 이미지도, 초깃값도, 합성곱 세 층도 같은 두 신경망입니다. 하나는 GAP로, 다른 하나는 평탄화로 끝납니다. 학습할 때 도형은 모두 점선 왼쪽에 있었습니다. 도형을 오른쪽으로 옮겨 보세요. 계산은 이 브라우저가 합니다.",
          "Two networks with the same training images, the same initial values and the same three convolutions. One ends in GAP, the other in flatten. In training, every shape lay left of the dashed line. Move the shape to the right. Your browser does the computing.") }),
        shapes,
        choice(say("손가락·마우스·화살표로", "Finger, mouse or arrows"), [["move", say("옮기기", "move")], ["paint", say("그리기", "paint")], ["erase", say("지우기", "erase")]], state.pen, set("pen")),
        row(
          make("div", { className: "course-glass-canvas" }, picture, where),
          make("div", { className: "course-glass-side" },
            make("div", { className: "course-buttons" }, ...steps.map(([, , button]) => button)),
            make("div", { className: "course-buttons" }, press(say("왼쪽 절반에 놓기", "Put it left"), () => move(0, 8 - state.x)), press(say("오른쪽 절반에 놓기", "Put it right"), () => move(0, 24 - state.x))),
            ...sliders, answer)),
        row(logits, titled(say(`도형의 열에 따른 정확도(시드 ${numbers.seeds}개의 평균과 범위)`, `Accuracy by column (mean, range of ${numbers.seeds} seeds)`), curve.picture)),
        make("p", { textContent: say(
          `시드 ${numbers.seeds}개로 학습한 쌍둥이들의 정확도입니다. 도형이 통째로 왼쪽 절반에 있으면 GAP ${range(numbers.gap.left)}, 평탄화 ${range(numbers.flatten.left)}, 오른쪽 절반에 있으면 GAP ${range(numbers.gap.right)}, 평탄화 ${range(numbers.flatten.right)}. 찍으면 25%입니다. 여기 보이는 것은 그 가운데 시드 0의 쌍둥이입니다.`,
          `Accuracy of twins trained from ${numbers.seeds} seeds: with the whole shape in the left half GAP ${range(numbers.gap.left)}, flatten ${range(numbers.flatten.left)}; in the right half GAP ${range(numbers.gap.right)}, flatten ${range(numbers.flatten.right)}. Guessing gets 25%. The twins shown here are those of seed 0.`) }),
        mapsOf,
        row(...HEADS.map((head) => titled(head === "gap" ? say("GAP 헤드의 CAM", "CAM of the GAP head") : say("평탄화 헤드: 자리마다 보탠 값", "Flatten head: what each place adds"), cams[head].canvas, cams[head].text))),
        make("p", { className: "course-glass-key", textContent: say("파랑은 찬성, 주황은 반대하는 증거입니다. 진할수록 큽니다.", "Blue is evidence for, orange against; the stronger the color, the larger.") }),
        choice(say("특징 맵", "Feature maps"), HEADS.map((head) => [head, HEAD_NAMES[head]]), state.maps, set("maps")),
        inner,
      ];
    },
  };

  const open = (trained) => { net = trained; coursePlays.open("glass"); };
  return { math, open, trained: () => net };
})();
