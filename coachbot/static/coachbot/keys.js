// Working leads by keyboard: the keys are told by the dialog of _keys.html. Nothing is done while
// somebody types, or with Ctrl, Alt or the command key.
const find = (selector) => document.querySelector(selector);
const links = () => [...document.querySelectorAll("[data-row] .lead-row-name a")];

const isTyping = (target) => target.closest("input:not(.tick), textarea, select") !== null;
const press = (name) => find(`[data-hotkey="${name}"]`)?.click();

// The lead that has the focus, or one of whose controls has.
function current() {
  const row = document.activeElement.closest("[data-row]");
  return row ? links().indexOf(row.querySelector(".lead-row-name a")) : -1;
}

// Beyond the last lead of a page stands the link to the next page, which Enter follows.
function move(by, page) {
  const all = links();
  const place = current() === -1 && by < 0 ? 0 : current() + by;
  const wanted = place < 0 || place >= all.length ? find(`.pager [rel=${page}]`) : all[place];
  wanted?.focus();
  wanted?.scrollIntoView({ block: "nearest" });
}

const DEEDS = {
  "/": () => find("[type=search]")?.focus(),
  j: () => (links().length ? move(1, "next") : press("j")),
  k: () => (links().length ? move(-1, "prev") : press("k")),
  x: () => document.activeElement.closest("[data-row]")?.querySelector(".tick").click(),
  u: () => press("u"),
  "?": () => find("[data-keys]")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const isOther = event.ctrlKey || event.metaKey || event.altKey || find("dialog[open]");
  if (isOther || !DEEDS[event.key]) {
    return;
  }
  if (!isTyping(event.target)) {
    event.preventDefault();
    DEEDS[event.key]();
  }
});

const shown = find("[data-keys-show]");
if (shown) {
  find("[data-keys-hint]").hidden = false;
  shown.addEventListener("click", DEEDS["?"]);
}
