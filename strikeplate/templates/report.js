"use strict";
// The page is complete without this: it only adds unfolding and printing.
const unfold = document.getElementById("unfold");
const folds = [...document.querySelectorAll(".rule > details")];

unfold.hidden = false;

unfold.addEventListener("click", () => {
  const open = folds.some((fold) => !fold.open);
  for (const fold of folds) fold.open = open;
  unfold.textContent = open ? "Fold all" : "Unfold all";
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
