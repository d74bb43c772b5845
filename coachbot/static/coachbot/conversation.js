// Counts the characters of a message that is typed, and the time in which anything may be written.
// Without it the server counts both.
const MINUTE = 60000;

// The words are those of leads/reading/lead/composing.py.
function inWords(left) {
  const minutes = Math.floor(left / MINUTE);
  const hours = Math.floor(minutes / 60);
  if (hours) {
    return `${hours} h ${minutes % 60} min`;
  }
  return minutes > 0 ? `${minutes} min` : "less than 1 min";
}

function countDown() {
  for (const place of document.querySelectorAll("[data-countdown]")) {
    const text = inWords(new Date(place.dataset.countdown) - Date.now());
    if (place.textContent !== text) {
      place.textContent = text;
    }
  }
}

// As the server counts: a line break is one character, and so is an emoji.
function count(form) {
  const place = form.querySelector("[data-characters-left]");
  const left = Number(place.dataset.charactersLeft) - [...form.elements.text.value].length;
  place.hidden = false;
  place.textContent = left < 0 ? `${-left} characters too many` : `${left} characters left`;
  // What is being typed is not taken away when the page is brought up to date.
  form.toggleAttribute("data-filled", form.elements.text.value !== "");
}

function countAll() {
  document.querySelectorAll("[data-composer]").forEach(count);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-composer]");
  if (form) {
    count(form);
  }
});

document.addEventListener("page-changed", () => {
  countDown();
  countAll();
});
countDown();
countAll();
setInterval(countDown, 20000);
