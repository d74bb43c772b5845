// New log rows appear while one watches; a row that opens gets what was sent and came back.
const PERIOD = 3000;
const list = document.querySelector("[data-watch]");
const said = document.querySelector("[data-watch-said]");

// Says why nothing new will be shown.
function say(reason) {
  said.replaceChildren(document.querySelector(reason).content.cloneNode(true));
}

// Returns whether to go on looking: not once we are signed out.
async function look() {
  const response = await fetch(list.dataset.watch);
  if (response.status >= 400 && response.status < 500) {
    say(response.status === 401 ? "[data-watch-ended]" : "[data-watch-refused]");
    return false;
  }
  if (response.status !== 200) {
    return true;
  }
  const rows = document.createElement("template");
  rows.innerHTML = await response.text();
  const count = rows.content.querySelectorAll(".log-row:not(.log-row-inner)").length;
  document.querySelector("[data-watch-empty]")?.remove();
  list.hidden = false;
  list.prepend(rows.content);
  const url = new URL(list.dataset.watch, location.href);
  url.searchParams.set("newer", response.headers.get("X-Newest"));
  list.dataset.watch = url.pathname + url.search;
  said.textContent = count === 1 ? "1 new row" : `${count} new rows`;
  document.dispatchEvent(new Event("page-changed"));
  return true;
}

function schedule() {
  setTimeout(async () => {
    // A server that is away for a moment is asked again next time.
    if (document.visibilityState !== "visible" || (await look().catch(() => true))) {
      schedule();
    }
  }, PERIOD);
}

async function fill(row) {
  const place = row.querySelector("[data-entry]");
  if (!place) {
    return;
  }
  const response = await fetch(place.dataset.entry);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const sides = page.querySelector(".log-sides");
  if (response.ok && sides) {
    place.replaceWith(sides);
    document.dispatchEvent(new Event("page-changed"));
  }
}

document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches(".log-row[open]")) {
      // The link to the row's own page stays where this fails.
      fill(event.target).catch(() => {});
    }
  },
  true,
);

if (list?.dataset.watch) {
  schedule();
}
