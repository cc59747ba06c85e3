// The desk works without this file; with it, parts of pages change in place.
"use strict";
(function () {
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
