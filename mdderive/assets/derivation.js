// Copies what a derivation offers, opens what is folded for print, and takes the note of a caption away at Escape.
(() => {
  "use strict";
  if (window.mdderiveDerivation) return;
  window.mdderiveDerivation = true;
  document.documentElement.classList.add("mdderive-scripted");

  async function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = Object.assign(document.createElement("textarea"), { value: text });
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    await copy(button.dataset.copy);
    const group = button.closest(".mdderive-copies");
    let told = group.querySelector("[role=status]");
    if (!told) {
      told = document.createElement("span");
      told.setAttribute("role", "status");
      group.append(told);
    }
    told.textContent = group.dataset.copied;
    clearTimeout(group.mdderiveTimer);
    group.mdderiveTimer = setTimeout(() => (told.textContent = ""), 1500);
  });

  document.addEventListener("keydown", (event) => {
    const why = event.key === "Escape" && document.activeElement && document.activeElement.closest(".mdderive-why");
    if (why) document.activeElement.blur();
  });

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll(".mdderive details:not([open])")];
    for (const folded of opened) folded.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const folded of opened) folded.open = false;
  });
})();
