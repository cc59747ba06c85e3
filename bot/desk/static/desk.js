// The desk works without this file; with it, parts of pages change in place.
"use strict";
(function () {
  // --- what is scrolled sideways shows where one is ---
  const center = () => document.querySelectorAll(".tabs [aria-current], .places [aria-current]").forEach((link) => {
    const [here, all] = [link, link.parentElement].map((each) => each.getBoundingClientRect());
    link.parentElement.scrollLeft += here.left - all.left - (all.width - here.width) / 2;
  });
  center();
  document.body.addEventListener("htmx:afterSettle", center);

  // --- what a page asks for by itself keeps nobody logged in ---
  document.body.addEventListener("htmx:configRequest", ({ detail }) => {
    const hand = detail.triggeringEvent;
    if (!hand || hand.type === "look") detail.headers["X-Look"] = "1";
  });

  // --- what somebody was writing when their session ended is there again once they are back; this tab alone keeps it ---
  const me = document.body.dataset.me;
  const held = (field) => (field.type === "checkbox" || field.type === "radio" ? "checked" : "value");
  const first = { checked: "defaultChecked", value: "defaultValue" };
  const fields = () => [...document.querySelectorAll("form[data-keep] :is(textarea, input:not([type=hidden], [type=file]))")]
    .map((field) => [[field.form.getAttribute("action"), field.name, field.type === "radio" ? field.value : ""].join(" "), field]);
  const keep = (values) => sessionStorage.setItem("kept", JSON.stringify({ me, path: location.pathname, values }));
  const kept = JSON.parse(sessionStorage.getItem("kept") || "null");
  if (!me && kept && !location.search.includes("done=out")) {
    sessionStorage.setItem("kept", JSON.stringify({ ...kept, left: true }));
  } else if (kept && kept.left && kept.me === me && kept.path === location.pathname) {
    keep(kept.values);
    fields().filter(([key]) => key in kept.values).forEach(([key, field]) => {
      field[held(field)] = kept.values[key];
      const fold = field.closest("details");
      if (fold) fold.open = true;
    });
  } else {
    sessionStorage.removeItem("kept");
  }
  document.addEventListener("input", ({ target }) => {
    if (!target.closest("form[data-keep]")) return;
    const changed = fields().filter(([, field]) => field[held(field)] !== field[first[held(field)]]);
    keep(Object.fromEntries(changed.map(([key, field]) => [key, field[held(field)]])));
  });

  // --- copying a link, printing codes ---
  document.querySelectorAll("[data-copy]").forEach((button) => {
    const from = document.querySelector("[data-copy-from]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      from.select();
      try { await navigator.clipboard.writeText(from.value); } catch (error) { document.execCommand("copy"); }
      button.textContent = "已复制";
    });
  });
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
})();
