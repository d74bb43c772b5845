// Opens pages that ask before they do something as dialogs, where they are asked for.
// Works on <a data-confirm href> and on the submit button of a GET form. Without
// JavaScript, or when the page cannot be had, the link is simply followed.
// Every form that does something is sent once; the server sees to that as well.

async function loadQuestion(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const question = response.ok && page.querySelector(".confirm");
  if (!question) {
    throw new Error(`${url} asks nothing`);
  }
  return question;
}

// What does no harm gets the focus: a field, else Cancel, and never the button that deletes.
function markFirst(question) {
  const field = question.querySelector("input:not([type=hidden]), select, textarea");
  (field ?? question.querySelector("[data-cancel]"))?.setAttribute("autofocus", "");
}

async function ask(url) {
  const question = await loadQuestion(url);
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "question");
  markFirst(question);
  dialog.append(question);
  document.body.append(dialog);
  dialog.querySelector("[data-cancel]")?.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
  });
  // The second click of a double click on what opened the dialog may land on its button.
  dialog.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest("button")) {
      event.preventDefault();
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}

function urlOf(control) {
  if (control.href) {
    return control.href;
  }
  const query = new URLSearchParams(new FormData(control.form));
  return `${control.getAttribute("formaction")}?${query}`;
}

let isAsking = false;

document.addEventListener("click", (event) => {
  const control = event.target.closest("[data-confirm]");
  if (!control || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  event.preventDefault();
  if (isAsking) {
    return;
  }
  isAsking = true;
  const url = urlOf(control);
  ask(url)
    .catch(() => location.assign(url))
    .finally(() => (isAsking = false));
});

// The server answers within 15 seconds; who has stopped waiting may send it again after this.
const LONGEST = 20000;

function free(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button[aria-busy]")) {
    button.removeAttribute("aria-busy");
    if (button.dataset.label) {
      button.textContent = button.dataset.label;
    }
  }
}

// A button that is disabled does not send its own name and value, so that it only says it is busy.
function showBusy(button) {
  button.setAttribute("aria-busy", "true");
  if (button.dataset.busy) {
    button.dataset.label = button.textContent;
    button.textContent = button.dataset.busy;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") {
    return;
  }
  if ("sent" in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  if (event.submitter) {
    showBusy(event.submitter);
  }
  setTimeout(() => free(form), LONGEST);
});

// Back may show the page as it was left.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    document.querySelectorAll("form[data-sent]").forEach(free);
  }
});

// A page that is the answer to a form and shown this once: reload and Back open another one.
const shownOnce = document.querySelector("[data-shown-once]");
if (shownOnce) {
  history.replaceState(null, "", shownOnce.dataset.shownOnce);
}
