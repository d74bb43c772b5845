// What a hosted form does where there is JavaScript; it works without.
const form = document.querySelector("form");

// Where the person is, so that the call comes at their hours.
const zone = form?.elements.timezone;
if (zone) {
  zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

// Countries in the language of the form; the server knows their English names.
const countries = document.querySelector("[data-countries]");
if (countries && document.documentElement.lang !== "en") {
  const names = new Intl.DisplayNames([document.documentElement.lang], { type: "region" });
  const [other, ...rest] = countries.options;
  const chosen = countries.value;
  for (const option of rest) {
    option.textContent = names.of(option.value);
  }
  rest.sort((a, b) => a.textContent.localeCompare(b.textContent, document.documentElement.lang));
  countries.replaceChildren(other, ...rest);
  countries.value = chosen;
}

// A second click sends nothing. The server does each form once anyway.
form?.addEventListener("submit", (event) => {
  if ("sent" in form.dataset) {
    event.preventDefault();
  }
  form.dataset.sent = "";
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  delete form?.dataset.sent;
  form?.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
});

// Within another page the frame is as high as what is in it.
if (window.parent !== window) {
  const tell = (news) => window.parent.postMessage(news, "*");
  tell({ formChanged: true });
  new ResizeObserver(() => {
    tell({ formHeight: document.documentElement.offsetHeight });
  }).observe(document.documentElement);
}
