// The preview follows what is typed, and questions can be dragged. Every button works without.
const form = document.querySelector("[data-draft]");
const frame = document.querySelector("[data-preview]");
const PAUSE = 350;

async function preview() {
  const fields = new FormData(form);
  const token = fields.get("csrfmiddlewaretoken");
  // As a header: with it in the body the preview would count as a form that is sent once.
  fields.delete("csrfmiddlewaretoken");
  fields.delete("logo");
  const response = await fetch(form.dataset.draft, {
    method: "POST",
    headers: { "X-CSRFToken": token },
    body: new URLSearchParams(fields),
  });
  if (response.ok) {
    frame.removeAttribute("src");
    frame.srcdoc = await response.text();
  }
}

let waiting;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  // What cannot be had now is shown with the next letter.
  waiting = setTimeout(() => preview().catch(() => {}), PAUSE);
});

// Choices are only asked for where the answer is one.
function showOptions(question) {
  const kind = question.querySelector("select[name$=-kind]");
  question.querySelector(".question-options").hidden = !["one_choice", "choices"].includes(kind.value);
}

const questions = form.querySelector("[data-questions]");
for (const question of questions.querySelectorAll("[data-question]")) {
  showOptions(question);
  question.addEventListener("change", () => showOptions(question));
}

// Dragging: by the handle alone, so that text can still be selected.
let dragged;
for (const handle of questions.querySelectorAll("[data-handle]")) {
  const question = handle.closest("[data-question]");
  handle.hidden = false;
  handle.draggable = true;
  handle.addEventListener("dragstart", (event) => {
    dragged = question;
    question.dataset.dragged = "";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", question.id);
    event.dataTransfer.setDragImage(question, 0, 0);
  });
  handle.addEventListener("dragend", () => {
    delete question.dataset.dragged;
    dragged = undefined;
  });
}

questions.addEventListener("dragover", (event) => {
  if (!dragged) {
    return;
  }
  event.preventDefault();
  const over = event.target.closest("[data-question]");
  if (over && over !== dragged) {
    const { top, height } = over.getBoundingClientRect();
    over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
  }
});

questions.addEventListener("drop", (event) => {
  if (dragged) {
    event.preventDefault();
    form.requestSubmit();
  }
});
