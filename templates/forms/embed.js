// Puts the form where this script stands, in a frame that is as high as the form.
(() => {
  const told = {{ told|safe }};
  const script = document.currentScript ?? document.querySelector('script[src*="/forms/"][src*="/embed.js"]');
  const address = new URL(script.src.replace(/\/embed\.js.*$/, ""));
  const parameters = address.searchParams;
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (told.passed.includes(name)) parameters.set(name, value);
  }
  for (const [name, value] of Object.entries(script.dataset)) parameters.set(name, value);
  parameters.set("page", location.href.split("#")[0]);

  if (!told.sites.includes(location.origin)) {
    const link = document.createElement("a");
    link.href = address.href;
    link.textContent = told.title;
    script.after(link);
    console.warn(`The form is a link here: ${location.origin} is not among the sites that may show it.`);
    return;
  }

  parameters.set("embed", "1");
  const frame = document.createElement("iframe");
  frame.src = address.href;
  frame.title = told.title;
  frame.style.cssText = "display: block; width: 100%; height: 40rem; border: 0; color-scheme: light dark;";
  script.after(frame);
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== address.origin) return;
    if (Number.isFinite(data?.formHeight)) frame.style.height = `${Math.ceil(data.formHeight)}px`;
    if (data?.formChanged && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
  });
})();
