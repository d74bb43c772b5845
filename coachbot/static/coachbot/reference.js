// Swagger UI on /docs/reference, for reading only: nothing is sent from there, and no key entered.
// It asks no host but ours.
const place = document.getElementById("reference");
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const NAMES = { "examples-select-element": "Example", "content-type": "Media type" };

function followScheme() {
  document.documentElement.classList.toggle("dark-mode", prefersDark.matches);
}

// The page's own words name title and address, and there is one <main> already: so of Swagger UI's
// parts only these stand here.
const readOnly = ({ React: { createElement } }) => ({
  components: {
    Endpoints({ getComponent, specSelectors }) {
      const isThere = specSelectors.loadingStatus() === "success";
      const parts = isThere ? ["operations", "Models"] : ["errors"];
      const shown = parts.map((name) => createElement(getComponent(name, true), { key: name }));
      return createElement("div", { className: "swagger-ui" }, shown);
    },
  },
  wrapComponents: {
    authorizeOperationBtn: () => () => null,
    // A link within a button cannot be reached by those who do not see it.
    DeepLink: () => ({ text }) => createElement("span", null, text),
  },
});

// Lists to choose from have no names of their own.
function nameChoices() {
  for (const select of place.querySelectorAll("select:not([aria-label])")) {
    select.setAttribute("aria-label", NAMES[select.className] ?? "Choice");
  }
}

prefersDark.addEventListener("change", followScheme);
followScheme();
new MutationObserver(nameChoices).observe(place, { childList: true, subtree: true });
SwaggerUIBundle({
  domNode: place,
  url: place.dataset.description,
  plugins: [readOnly],
  layout: "Endpoints",
  deepLinking: true,
  supportedSubmitMethods: [],
  validatorUrl: null,
});
