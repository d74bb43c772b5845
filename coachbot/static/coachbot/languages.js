// Code that stands in several languages becomes tabs, by the pattern of
// https://www.w3.org/WAI/ARIA/apg/patterns/tabs/: arrows, Home and End choose. One choice is for all
// tabs of all pages, and this browser keeps it. Without this file all languages are shown.
const KEPT_AS = "docs-language";
const MOVES = {
  ArrowLeft: (index, count) => (index + count - 1) % count,
  ArrowRight: (index, count) => (index + 1) % count,
  Home: () => 0,
  End: (index, count) => count - 1,
};

function kept() {
  try {
    return localStorage.getItem(KEPT_AS);
  } catch {
    return null; // this browser keeps nothing
  }
}

function keep(language) {
  try {
    localStorage.setItem(KEPT_AS, language);
  } catch {
    // The choice lasts as long as the page.
  }
}

function makeTab(panel, id) {
  const tab = document.createElement("button");
  tab.type = "button";
  tab.className = "tab";
  tab.id = `${id}-tab`;
  tab.textContent = panel.querySelector(".language-name").textContent;
  tab.dataset.language = panel.dataset.language;
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", id);
  panel.id = id;
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", tab.id);
  return tab;
}

function makeTabs(group, number) {
  const list = document.createElement("div");
  list.className = "tabs";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Language");
  for (const panel of group.querySelectorAll(".language")) {
    list.append(makeTab(panel, `language-${number}-${panel.dataset.language}`));
  }
  group.prepend(list);
}

// A group that lacks the language shows its first.
function show(group, language) {
  const tabs = [...group.querySelectorAll("[role=tab]")];
  const chosen = tabs.find((tab) => tab.dataset.language === language) ?? tabs[0];
  for (const tab of tabs) {
    const isChosen = tab === chosen;
    tab.setAttribute("aria-selected", isChosen);
    tab.tabIndex = isChosen ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !isChosen;
  }
  group.dataset.ready = "";
}

// What was chosen stays where it is on the screen, though code above it gets longer or shorter.
function choose(tab) {
  const before = tab.getBoundingClientRect().top;
  keep(tab.dataset.language);
  for (const group of groups) {
    show(group, tab.dataset.language);
  }
  scrollBy({ top: tab.getBoundingClientRect().top - before, behavior: "instant" });
}

const groups = [...document.querySelectorAll(".languages")];
groups.forEach(makeTabs);
groups.forEach((group) => show(group, kept()));

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (tab) {
    choose(tab);
  }
});
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest("[role=tab]");
  const isPlain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
  if (tab && isPlain && event.key in MOVES) {
    event.preventDefault();
    const tabs = [...tab.parentElement.children];
    const next = tabs[MOVES[event.key](tabs.indexOf(tab), tabs.length)];
    choose(next);
    next.focus({ preventScroll: true });
  }
});
