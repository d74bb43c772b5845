// Plays the recording of a lead's call from a turn, and shows what a step sent and got. Without it
// the links are followed.
document.addEventListener("click", (event) => {
  const turn = event.target.closest("[data-seek]");
  const player = turn?.closest("[data-call]").querySelector("audio");
  if (!player || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  event.preventDefault();
  const seek = () => (player.currentTime = Number(turn.dataset.seek));
  if (player.readyState) {
    seek();
  } else {
    player.addEventListener("loadedmetadata", seek, { once: true });
  }
  player.play().catch(() => {});
});

async function fill(place) {
  const response = await fetch(place.dataset.entry);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const sides = page.querySelector(".log-sides");
  if (response.ok && sides) {
    place.parentElement.setAttribute("data-filled", "");
    place.replaceWith(sides);
    document.dispatchEvent(new Event("page-changed"));
  }
}

document.addEventListener(
  "toggle",
  (event) => {
    const place = event.target.querySelector("[data-entry]");
    if (place && event.target.matches(".step-body[open]")) {
      // The link to the row's own page stays where this fails.
      fill(place).catch(() => {});
    }
  },
  true,
);
