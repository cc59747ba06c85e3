// What all our pages do alike: how they look is chosen, and menus close.
"use strict";
(function () {
  const root = document.documentElement;

  // --- colours and size: remembered in a cookie, so that the server draws them at once ---
  document.querySelectorAll("[data-look]").forEach((set) => {
    const name = set.dataset.look;
    set.hidden = false;
    set.addEventListener("change", (event) => {
      const value = event.target.value;
      document.cookie = name + "=" + value + ";path=/;samesite=lax;max-age=" + (value ? 31536000 : 0);
      if (value) root.dataset[name] = value; else delete root.dataset[name];
    });
  });

  // --- a menu closes when one goes elsewhere ---
  const menus = document.querySelectorAll("details.menu");
  const close = (but) => menus.forEach((menu) => { if (!menu.contains(but)) menu.open = false; });
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("focusin", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus.forEach((menu) => { if (menu.open) { menu.open = false; menu.firstElementChild.focus(); } });
  });
})();
