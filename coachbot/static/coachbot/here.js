// The list of pages is a strip on a phone, and a column beside the page else: either is moved so
// that the page one is on stands in sight. The page itself stays where it is.
const here = document.querySelector(".docs-nav [aria-current]");
const [strip, column] = [document.querySelector(".docs-nav"), document.querySelector(".sidebar")];

if (here) {
  const link = here.getBoundingClientRect();
  const [across, along] = [strip.getBoundingClientRect(), column.getBoundingClientRect()];
  strip.scrollLeft += link.left - across.left - (across.width - link.width) / 2;
  if (link.bottom > along.bottom) {
    column.scrollTop += link.top - along.top - (along.height - link.height) / 2;
  }
}
