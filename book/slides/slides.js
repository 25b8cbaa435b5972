"use strict";
// What is a little too long for 1280 × 720 is set smaller, by steps, down to SMALLEST.
const SMALLEST = 0.7;

function fit(slide) {
  const leaf = slide && slide.querySelector(":scope > section") ? null : slide;
  if (!leaf || leaf.dataset.fitted) return;
  let size = 1;
  leaf.dataset.fitted = size;
  while (leaf.scrollHeight > 720 && size > SMALLEST) {
    size -= 0.05;
    leaf.style.fontSize = `${size}em`;
    leaf.style.setProperty("--shrunk", size);
    leaf.dataset.fitted = size.toFixed(2);
  }
}

Reveal.initialize({
  width: 1280, height: 720, margin: 0, center: false, hash: true, slideNumber: "c/t", transition: "none", plugins: [RevealNotes],
});
for (const event of ["ready", "slidechanged"]) Reveal.on(event, ({ currentSlide }) => fit(currentSlide));
Reveal.on("pdf-ready", () => document.querySelectorAll(".slides section").forEach(fit));
