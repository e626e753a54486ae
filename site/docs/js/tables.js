// A table that is wider than its page is moved by itself, by the keyboard too. The theme puts tables into what moves them.
(() => {
  "use strict";
  function reachable() {
    for (const wide of document.querySelectorAll(".md-typeset__scrollwrap")) {
      if (wide.scrollWidth > wide.clientWidth + 1) wide.tabIndex = 0;
      else wide.removeAttribute("tabindex");
    }
  }
  new ResizeObserver(reachable).observe(document.body);
  addEventListener("load", reachable);
})();
