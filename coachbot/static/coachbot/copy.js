// Copy buttons: <button data-copy="id of the element whose text is copied">.
async function copy(button) {
  const text = document.getElementById(button.dataset.copy).textContent.trim();
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Select the text and copy it";
  }
  setTimeout(() => (button.textContent = label), 2000);
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
