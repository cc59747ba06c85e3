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
