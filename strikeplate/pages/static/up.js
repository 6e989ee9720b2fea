// The inbox is loaded again when there is something new in it.
"use strict";
const cursor = document.body.dataset.cursor;
if (cursor) {
  setInterval(async () => {
    const answer = await fetch(`/inbox?cursor=${cursor}`).catch(() => null);
    if (answer && answer.status === 200) location.reload();
  }, 3000);
}
