// The keys of a keypad write into its field, which works without them as well; what a
// form has done is shown where its reader is.
"use strict";
// On a phone the page that is open may lie outside of the navigation. htmx says "load" of
// the first page and of the body of each one after it, and also of what a poll brings.
document.addEventListener("htmx:load", (event) => {
  if (!event.target.contains(document.querySelector("header nav"))) return;
  document.querySelector("header nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
});
document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-key]");
  if (!key) return;
  const field = key.form.elements.code;
  field.value = key.dataset.key === "back" ? field.value.slice(0, -1) : field.value + key.dataset.key;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.requestConfig.verb === "post") event.detail.swapOverride = "innerHTML show:none";
});
