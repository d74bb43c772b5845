// Opens pages that ask before they do something as dialogs, where they are asked for.
// Works on <a data-confirm href> and on the submit button of a GET form. Without
// JavaScript, or when the page cannot be had, the link is simply followed.

async function loadQuestion(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const question = response.ok && page.querySelector(".confirm");
  if (!question) {
    throw new Error(`${url} asks nothing`);
  }
  return question;
}

async function ask(url) {
  const question = await loadQuestion(url);
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "question");
  dialog.append(question);
  document.body.append(dialog);
  dialog.querySelector("[data-cancel]")?.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
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

document.addEventListener("click", (event) => {
  const control = event.target.closest("[data-confirm]");
  if (!control || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  event.preventDefault();
  const url = urlOf(control);
  ask(url).catch(() => location.assign(url));
});

// A call can take 15 seconds: say that something happens, and do it once only.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.dataset.busy) {
    return;
  }
  if (button.getAttribute("aria-busy")) {
    event.preventDefault();
    return;
  }
  button.setAttribute("aria-busy", "true");
  button.textContent = button.dataset.busy;
});
