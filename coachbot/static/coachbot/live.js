// Keeps a part of a page up to date: <div data-live="where it is asked for" data-version>. Without
// it the page is loaded again.
const PERIOD = 5000;

// Makes one node like another by changing only what differs. What a reader has opened, typed,
// focused or is listening to stays, as the elements do. Lists go by their data-key.
function morph(node, fresh) {
  if (node.nodeType !== fresh.nodeType || node.nodeName !== fresh.nodeName) {
    node.replaceWith(fresh);
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE) {
    if (node.data !== fresh.data) {
      node.data = fresh.data;
    }
    return;
  }
  if (node.hasAttribute("data-filled")) {
    return;
  }
  morphAttributes(node, fresh);
  morphChildren(node, fresh);
}

function morphAttributes(node, fresh) {
  const isReaders = (name) => name === "open" && node.nodeName === "DETAILS";
  for (const { name } of [...node.attributes]) {
    if (!fresh.hasAttribute(name) && !isReaders(name)) {
      node.removeAttribute(name);
    }
  }
  for (const { name, value } of fresh.attributes) {
    if (node.getAttribute(name) !== value) {
      node.setAttribute(name, value);
    }
  }
}

const keyOf = (node) => node.dataset?.key;

function morphChildren(node, fresh) {
  const old = [...node.childNodes];
  const keyed = new Map(old.filter(keyOf).map((child) => [keyOf(child), child]));
  const others = old.filter((child) => !keyOf(child));
  const partnerOf = (wanted) => (keyOf(wanted) ? keyed.get(keyOf(wanted)) : others.shift());
  const pairs = [...fresh.childNodes].map((wanted) => [wanted, partnerOf(wanted)]);
  const kept = new Set(pairs.map(([, child]) => child));
  old.filter((child) => !kept.has(child)).forEach((child) => child.remove());
  let place = node.firstChild;
  for (const [wanted, child] of pairs) {
    if (!child) {
      node.insertBefore(wanted, place);
      continue;
    }
    // An element that stands right is not moved: that would stop a recording that plays.
    if (child === place) {
      place = place.nextSibling;
    } else {
      node.insertBefore(child, place);
    }
    morph(child, wanted);
  }
}

// Returns whether to go on looking: not once we are signed out, or what is shown is gone.
async function look() {
  const body = document.querySelector("[data-live]");
  if (document.querySelector("[aria-busy], dialog[open]")) {
    return true; // the page is about to be left, or something is asked
  }
  const url = new URL(body.dataset.live, location.href);
  url.searchParams.set("version", body.dataset.version);
  const response = await fetch(url);
  if (response.redirected || (response.status >= 400 && response.status < 500)) {
    document.querySelector("[data-live-said]").hidden = false;
    return false;
  }
  if (response.status === 200) {
    const fresh = document.createElement("template");
    fresh.innerHTML = await response.text();
    morph(body, fresh.content.firstElementChild);
    document.dispatchEvent(new Event("page-changed"));
  }
  return true;
}

let timer;

async function watch() {
  clearTimeout(timer);
  // A server that is away for a moment is asked again next time.
  if (document.visibilityState !== "visible" || (await look().catch(() => true))) {
    clearTimeout(timer);
    timer = setTimeout(watch, PERIOD);
    return;
  }
  document.removeEventListener("visibilitychange", watch);
}

document.addEventListener("visibilitychange", watch);
timer = setTimeout(watch, PERIOD);
