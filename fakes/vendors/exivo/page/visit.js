// With this script a button does not reload the page, and what came of it is read out.
// Without it everything works by plain forms. What is shown is always the server's page.
"use strict";
(() => {
  const LOOK_EVERY_MS = 10000;
  const said = document.getElementById("said");

  async function fetchPage(url, options) {
    const answer = await fetch(url, { ...options, headers: { Accept: "text/html" }, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { page, url: answer.url };
  }

  // Shows what the server sent, keeps the focus where it was, and reads out the news.
  function show(page) {
    const now = document.getElementById("screen");
    const next = page.getElementById("screen");
    const focused = document.activeElement && document.activeElement.id;
    const another = now.dataset.kind !== next.dataset.kind;
    if (now.innerHTML !== next.innerHTML) now.replaceWith(document.importNode(next, true));
    document.title = page.title;
    const kept = focused && document.getElementById(focused);
    if (kept) kept.focus();
    if (another && !kept) said.focus();
    return another ? next.querySelector("h1").textContent + ". " : "";
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form.door")) return;
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    said.textContent = "";
    try {
      const { page } = await fetchPage(form.action, { method: "POST" });
      const changed = show(page);
      said.textContent = page.getElementById("said").textContent || changed;
    } catch {
      said.textContent = "There is no connection. The door may not have opened. Try again.";
    } finally {
      button.removeAttribute("aria-busy");
    }
  });

  // Time passes, doors lock again, accesses are revoked: the page says so by itself.
  async function look() {
    const kind = document.getElementById("screen").dataset.kind;
    if (document.hidden || !["doors", "early"].includes(kind)) return;
    if (document.querySelector('[aria-busy="true"]')) return;
    try {
      const { page } = await fetchPage(location.pathname);
      const changed = show(page);
      if (changed) said.textContent = changed;
    } catch { /* no connection now; the next look may have one */ }
  }
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", look);
})();
