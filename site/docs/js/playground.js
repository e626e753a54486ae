// The playground: a note on the left, what mdderive makes of it on the right. Nothing leaves the browser.
(() => {
  "use strict";
  const root = document.querySelector(".playground");
  if (!root) return;
  const find = (name) => root.querySelector(`[data-part="${name}"]`);
  const [note, shown, report, state, start, share, equations] =
    ["note", "shown", "report", "state", "start", "share", "equations"].map(find);
  const words = root.dataset;
  const lang = words.lang;
  let worker, timer, asked = 0;

  function ask() {
    if (!worker) return;
    say(words.thinking);
    worker.postMessage({ id: ++asked, text: note.value, equations: equations.checked, lang });
  }

  function say(text) {
    state.textContent = text;
  }

  function show(answer) {
    shown.innerHTML = answer.html.join("");
    report.textContent = answer.report;
    say("");
    document.dispatchEvent(new Event("mdderive:draw"));
  }

  function begin() {
    if (worker) return ask();
    start.disabled = true;
    say(words.loading);
    worker = new Worker(words.worker, { type: "module" });
    worker.onerror = () => say(words.failed);
    worker.onmessage = ({ data }) => {
      if (data.ready) {
        start.hidden = true;
        ask();
      } else if (data.failed) say(`${words.failed} ${data.failed}`);
      else if (data.id === asked) show(data);
    };
  }

  // A note in a link stands behind the #, so that no server sees it.
  const packed = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text))).replaceAll("+", "-").replaceAll("/", "_");
  const unpacked = (text) =>
    new TextDecoder().decode(Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0)));

  start.addEventListener("click", begin);
  equations.addEventListener("change", ask);
  note.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 400);
  });
  share.addEventListener("click", async () => {
    history.replaceState(null, "", `#note=${packed(note.value)}`);
    try {
      await navigator.clipboard.writeText(location.href);
      say(words.copied);
    } catch {
      say(location.href);
    }
  });
  for (const button of root.querySelectorAll("[data-example]"))
    button.addEventListener("click", () => {
      note.value = button.dataset.example;
      begin();
    });
  const given = location.hash.match(/^#note=(.*)/);
  if (given) {
    try {
      note.value = unpacked(given[1]);
    } catch {
      say(words.failed);
    }
  }
})();
