"use strict";
// Finds by words among the parts of a page that are marked so. `/` begins, Escape ends.
const find = document.getElementById("find");
const parts = [...document.querySelectorAll("[data-find]")];

find.hidden = false;

find.addEventListener("input", () => {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const part of parts) {
    const text = part.textContent.toLowerCase();
    part.hidden = !words.every((word) => text.includes(word));
  }
});

document.addEventListener("keydown", (press) => {
  const typing = press.target.matches("input[type=search]");
  if (press.key === "/" && !typing) {
    press.preventDefault();
    find.focus();
  } else if (press.key === "Escape" && typing) {
    find.value = "";
    find.dispatchEvent(new Event("input"));
    find.blur();
  }
});
