// Makes times relative; the exact one, in the browser's zone, shows on hover.
const UNITS = [
  ["year", 31536000],
  ["month", 2592000],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

function inWords(moment) {
  const seconds = (moment - Date.now()) / 1000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) {
      return relative.format(Math.round(seconds / length), unit);
    }
  }
  return seconds > 5 ? "in a moment" : "just now";
}

export function refreshTimes() {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const moment = new Date(element.dateTime);
    element.textContent = inWords(moment);
    element.title = exact.format(moment);
  }
}

refreshTimes();
setInterval(refreshTimes, 20000);
document.addEventListener("page-changed", refreshTimes);
