// With this script a button does not reload the page, and what came of it is read out.
// Without it everything works by plain forms. What is shown is always the server's page.
"use strict";
(() => {
  const LOOK_EVERY_MS = 10000;
  const PULSE_MS = 6000; // a door locks again within that time
  const said = document.getElementById("said");

  async function fetchPage(url, method) {
    const answer = await fetch(url, { method, headers: { Accept: "text/html" } });
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  // Shows what the server sent. On the same kind of screen the focus stays where it was
  // and the news is read out; on another kind the focus goes to its heading.
  function show(page) {
    const [now, next] = [document, page].map((each) => each.getElementById("screen"));
    const news = page.getElementById("said").textContent;
    const focused = document.activeElement.id;
    if (now.innerHTML !== next.innerHTML || news) said.textContent = news;
    if (now.innerHTML === next.innerHTML) return;
    now.replaceWith(document.adoptNode(next));
    document.title = page.title;
    const kept = now.dataset.kind === next.dataset.kind && document.getElementById(focused);
    (kept || next.querySelector("h1")).focus();
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
      show(await fetchPage(form.action, "POST"));
      setTimeout(look, PULSE_MS);
    } catch {
      said.textContent = "There is no connection. The door may not have opened. Try again.";
    } finally {
      button.removeAttribute("aria-busy");
    }
  });

  // Time passes, doors lock again, accesses are revoked: the page says so by itself.
  async function look() {
    const kind = document.getElementById("screen").dataset.kind;
    const busy = document.hidden || document.querySelector("[aria-busy=true]");
    if (busy || !["doors", "early"].includes(kind)) return;
    try {
      show(await fetchPage(location.pathname, "GET"));
    } catch { /* no connection now; the next look may have one */ }
  }
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", look);
})();
