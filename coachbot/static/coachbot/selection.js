// Ticking leads: all of a page at once, all that match, and a bar that says how many and is there
// while any is ticked. Clicking anywhere in a row opens its lead.
const find = (selector) => document.querySelector(selector);
const ticks = () => [...document.querySelectorAll("[data-row] .tick[name=lead]")];

function say(bar, count) {
  const all = bar.querySelector("[name=all]");
  bar.hidden = count === 0;
  // What is shown here is not to be made like the server's.
  bar.setAttribute("data-filled", "");
  if (all && count < ticks().length) {
    all.checked = false;
  }
  const said = all?.checked ? "All that match" : `${count} selected`;
  bar.querySelector("[data-selected]").textContent = said;
  bar.querySelector("[data-all-that-match]")?.toggleAttribute("hidden", count < ticks().length);
}

function show() {
  const bar = find(".bulk-bar");
  const every = find("[data-tick-all]");
  if (!bar || !every) {
    return;
  }
  const count = ticks().filter((tick) => tick.checked).length;
  every.closest("label").hidden = false;
  every.checked = count === ticks().length;
  every.indeterminate = count > 0 && count < ticks().length;
  for (const tick of ticks()) {
    tick.closest("tr").classList.toggle("is-selected", tick.checked);
  }
  say(bar, count);
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) {
    ticks().forEach((tick) => (tick.checked = event.target.checked));
  }
  if (event.target.matches(".tick")) {
    show();
  }
});

// Not where somebody marks text, or presses what is in the row.
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  const isOther = event.target.closest("a, input, label, button") || event.button !== 0;
  if (!row || isOther || !getSelection().isCollapsed) {
    return;
  }
  const link = row.querySelector(".lead-row-name a");
  if (event.ctrlKey || event.metaKey) {
    window.open(link.href, "_blank");
  } else if (event.target.closest(".lead-tick")) {
    row.querySelector(".tick").click();
  } else {
    link.click();
  }
});

document.addEventListener("page-changed", show);
// Back shows the ticks as they were left.
addEventListener("pageshow", show);
show();
