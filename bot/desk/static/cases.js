// The pages of cases work without this file; with it they keep up to date and listen to the keyboard.
"use strict";
(function () {
  const writing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

  // --- what is new: asked for while somebody looks ---
  const look = () => { if (!document.hidden) document.body.dispatchEvent(new CustomEvent("look")); };
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);

  // --- whoever looks at what may be old by now is told so ---
  const cut = document.getElementById("cut");
  document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
    cut.hidden = detail.xhr.status > 0 && detail.xhr.status < 500;
  });

  // --- the keyboard ---
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
    const search = document.querySelector("[data-search]");
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
      return;
    }
    const rows = [...document.querySelectorAll("[data-row]")];
    const step = { j: 1, k: -1 }[event.key];
    if (!step || !rows.length) return;
    event.preventDefault();
    const at = rows.indexOf(document.activeElement);
    rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))].focus();
  });

  // --- putting a text that stands ready into the form that is open ---
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    const fold = button.closest("details[data-move]") || document.querySelector("details[data-move][open]")
      || document.querySelector('details[data-move="say"], details[data-move="answer"]');
    const field = fold && fold.querySelector("textarea");
    if (!field) return;
    fold.open = true;
    field.value = (field.value ? field.value.trimEnd() + "\n" : "") + document.getElementById(button.dataset.insert).textContent.trim();
    field.focus();
    field.scrollIntoView({ block: "center" });
  });
  const show = () => document.querySelectorAll("[data-insert][hidden]").forEach((button) => { button.hidden = false; });
  show();
  document.body.addEventListener("htmx:afterSettle", show);
})();
