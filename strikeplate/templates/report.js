"use strict";
// The page is complete without this: it only adds finding, unfolding and printing.
const find = document.getElementById("find");
const unfold = document.getElementById("unfold");
const rules = [...document.querySelectorAll(".rule")];
const folds = [...document.querySelectorAll(".rule > details")];

find.hidden = unfold.hidden = false;

find.addEventListener("input", () => {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const rule of rules) {
    const text = rule.textContent.toLowerCase();
    rule.hidden = !words.every((word) => text.includes(word));
  }
});

unfold.addEventListener("click", () => {
  const open = folds.some((fold) => !fold.open);
  for (const fold of folds) fold.open = open;
  unfold.textContent = open ? "Fold all" : "Unfold all";
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

function reveal() {
  const goal = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let fold = goal?.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
  if (goal?.matches(".rule") && goal.querySelector("details")) goal.querySelector("details").open = true;
  goal?.scrollIntoView();
}
addEventListener("hashchange", reveal);
if (location.hash) reveal();

let folded = [];
addEventListener("beforeprint", () => {
  folded = folds.filter((fold) => !fold.open);
  for (const fold of folded) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of folded) fold.open = false;
});
