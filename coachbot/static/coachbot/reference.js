// Swagger UI on /docs/reference, for reading only: nothing is sent from there, and no key entered.
// Asks no host but ours.
const place = document.getElementById("reference");
const prefersDark = matchMedia("(prefers-color-scheme: dark)");

function followScheme() {
  document.documentElement.classList.toggle("dark-mode", prefersDark.matches);
}

const nothing = () => () => null;
const readOnly = {
  wrapComponents: {
    authorizeBtn: nothing,
    authorizeOperationBtn: nothing,
    // The page's own words name title and address.
    InfoContainer: nothing,
    ServersContainer: nothing,
  },
};

prefersDark.addEventListener("change", followScheme);
followScheme();
SwaggerUIBundle({
  domNode: place,
  url: place.dataset.description,
  plugins: [readOnly],
  deepLinking: true,
  supportedSubmitMethods: [],
  validatorUrl: null,
});
