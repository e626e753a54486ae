// Draws the formulas of a page with KaTeX. KaTeX is loaded by the first page that has a formula, and drawing twice changes nothing.
(() => {
  "use strict";
  if (window.mdderiveMath) return;
  window.mdderiveMath = true;

  const base = document.currentScript && document.currentScript.src;
  const delimiters = [
    { left: "$$", right: "$$", display: true },
    { left: "\\[", right: "\\]", display: true },
    { left: "\\(", right: "\\)", display: false },
    { left: "$", right: "$", display: false },
  ];
  // What notes write and KaTeX does not know.
  const names = { tr: "tr", Tr: "Tr", diag: "diag", rank: "rank", sgn: "sgn", sign: "sign", logdet: "log\\,det" };
  const known = {};
  for (const [name, word] of Object.entries(names)) known["\\" + name] = "\\operatorname{" + word + "}";
  let loading;

  function added(tag, options) {
    return new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement(tag), options);
      element.onload = resolve;
      element.onerror = reject;
      document.head.append(element);
    });
  }

  function loaded() {
    if (window.renderMathInElement) return Promise.resolve();
    const at = (name) => new URL(name, base).href;
    loading ??= Promise.all([
      added("link", { rel: "stylesheet", href: at("katex/katex.min.css") }),
      added("link", { rel: "stylesheet", href: at("math.css") }),
      added("script", { src: at("katex/katex.min.js") }).then(() => added("script", { src: at("katex/auto-render.min.js") })),
    ]);
    return loading;
  }

  // A formula that was written for MathJax 2 stands in a script.
  function plain(formula) {
    const script = formula.querySelector("script[type^='math/tex']");
    if (!script) return;
    const display = script.type.includes("display");
    formula.textContent = (display ? "\\[" : "\\(") + script.textContent + (display ? "\\]" : "\\)");
  }

  // What is wider than its page is moved by itself, by the keyboard too. A formula in a line breaks between its parts; only
  // one that has a part wider than the line is moved.
  function reachable() {
    for (const part of document.querySelectorAll("span.arithmatex:not(.mdderive *) .katex-html > span")) {
      const line = part.closest("p, li, dd, td, th, div, section, article, body");
      if (part.getBoundingClientRect().width > line.clientWidth) part.closest(".arithmatex").classList.add("mdderive-wide");
    }
    for (const wide of document.querySelectorAll(".katex-display, .mdderive-formula, .mdderive-said, .mdderive-wide")) {
      if (wide.scrollWidth > wide.clientWidth + 1) wide.tabIndex = 0;
      else wide.removeAttribute("tabindex");
    }
  }

  // A table of contents has the formulas of the headings as text.
  function contents() {
    const links = document.querySelectorAll("a[href*='#']:not([data-drawn], .headerlink)");
    return [...links].filter((link) => /\\\(.+\\\)/s.test(link.textContent) && !link.querySelector(".arithmatex, .katex"));
  }

  async function draw() {
    const formulas = [...document.querySelectorAll(".arithmatex:not([data-drawn])"), ...contents()];
    if (!formulas.length) return;
    await loaded();
    const macros = { ...known };
    for (const formula of formulas) {
      if ("drawn" in formula.dataset) continue;
      formula.dataset.drawn = "";
      plain(formula);
      window.renderMathInElement(formula, { delimiters, macros, globalGroup: true, throwOnError: false });
    }
    reachable();
  }

  if (window.document$) window.document$.subscribe(draw); // tells of pages that instant navigation brings, and not of every first one
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", draw);
  else draw();
  document.addEventListener("mdderive:draw", draw); // a script that brings formulas asks for them so
  window.addEventListener("resize", reachable);
  document.fonts.addEventListener("loadingdone", reachable); // the letters are wider or narrower than those before them
  document.addEventListener("toggle", reachable, true);
})();
