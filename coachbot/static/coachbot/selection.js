// Ticking leads: all at once, and a delete button that says how many.
const all = document.querySelector("[data-tick-all]");
const button = document.querySelector("[data-selection-button]");
const ticks = [...document.querySelectorAll(".lead-table .tick[name=lead]")];

function show() {
  const count = ticks.filter((tick) => tick.checked).length;
  button.hidden = count === 0;
  button.textContent = `Delete ${count} selected`;
  all.checked = count === ticks.length;
  all.indeterminate = count > 0 && count < ticks.length;
}

if (all && button) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    ticks.forEach((tick) => (tick.checked = all.checked));
    show();
  });
  ticks.forEach((tick) => tick.addEventListener("change", show));
  show();
}
