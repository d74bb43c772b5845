// Keeps times right while the page is open: how far they are from now, and the hour in the zone of
// the workspace, or else of this browser. The words are those of coachbot/http/moments.py.
const UNITS = [
  ["year", 31536000],
  ["month", 2592000],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];
const zone =
  document.documentElement.dataset.timeZone || Intl.DateTimeFormat().resolvedOptions().timeZone;
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

function partsIn(timeZone) {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
    });
  } catch {
    return null; // a zone that this browser does not know: what the server wrote stays
  }
}

const format = partsIn(zone);

function partsOf(moment) {
  return Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
}

function hourOf(moment) {
  const said = partsOf(moment);
  const year = said.year === partsOf(new Date()).year ? "" : ` ${said.year}`;
  return `${said.weekday} ${said.day} ${said.month}${year}, ${said.hour}:${said.minute}`;
}

function inWords(moment) {
  const seconds = (moment - Date.now()) / 1000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) {
      return relative.format(Math.round(seconds / length), unit);
    }
  }
  return seconds > 5 ? "in a moment" : "just now";
}

function write(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function refreshTimes() {
  for (const element of document.querySelectorAll("time.time")) {
    const moment = new Date(element.dateTime);
    write(element.querySelector(".time-relative"), inWords(moment));
    if (format) {
      write(element.querySelector(".time-hour"), hourOf(moment));
      write(element.querySelector(".time-zone"), zone);
    }
  }
}

refreshTimes();
setInterval(refreshTimes, 20000);
document.addEventListener("page-changed", refreshTimes);
