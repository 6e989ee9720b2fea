// The inbox is loaded again when there is something new in it. A mail's frame is as high
// as the mail: no script runs in it, so this one may look inside.
"use strict";
for (const frame of document.querySelectorAll("iframe")) {
  const fit = () => {
    const page = frame.contentDocument?.documentElement;
    if (page?.scrollHeight) {
      frame.height = 0;
      frame.height = page.scrollHeight + 2;
    }
  };
  frame.addEventListener("load", fit);
  new ResizeObserver(fit).observe(frame.parentElement);
}
const cursor = document.body.dataset.cursor;
if (cursor) {
  setInterval(async () => {
    const answer = await fetch(`/inbox?cursor=${cursor}`).catch(() => null);
    if (answer && answer.status === 200) location.reload();
  }, 3000);
}
