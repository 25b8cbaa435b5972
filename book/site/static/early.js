// Runs before the page is painted: the reader's own choice of light or dark, and that scripts work.
"use strict";

document.documentElement.classList.add("js");
try {
  const theme = localStorage.getItem("course-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage is blocked: the device decides */ }
