// What a page does more with a script: copy a text, close menus, preview while typing.
"use strict";
// On a phone the page that is open may lie outside of the navigation.
document.querySelector("header nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = button.parentElement.querySelector("input");
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      field.select();
      document.execCommand("copy");
    }
    const text = button.textContent;
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = text; }, 1500);
  });
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

for (const form of document.querySelectorAll("form[data-preview]")) {
  const target = document.getElementById("preview");
  let waiting, latest = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const mine = ++latest;
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
      const text = await answer.text();
      const page = new DOMParser().parseFromString(text, "text/html");
      const seen = page.getElementById("preview");
      if (mine === latest && seen) target.replaceChildren(...seen.childNodes);
    }, 250);
  });
}
