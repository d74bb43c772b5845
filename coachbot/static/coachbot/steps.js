// While a call to a member's own number goes on, the steps are asked for again and replaced.
// Not while one of their fields is being filled in.
const PERIOD = 3000;

async function look() {
  const steps = document.querySelector("[data-live]");
  if (!steps || document.visibilityState !== "visible" || steps.contains(document.activeElement)) {
    return;
  }
  const response = await fetch(steps.dataset.live);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const now = page.querySelector(".steps");
  if (response.ok && now) {
    steps.replaceWith(now);
    document.dispatchEvent(new Event("page-changed"));
  }
}

function schedule() {
  if (document.querySelector("[data-live]")) {
    // A server that is away for a moment is asked again next time.
    setTimeout(() => look().catch(() => {}).finally(schedule), PERIOD);
  }
}

schedule();
