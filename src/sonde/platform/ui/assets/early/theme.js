// Before anything is drawn: the colours of the theme that this person chose last time.
(function () {
  var chosen = null;
  try { chosen = window.localStorage.getItem("mantine-color-scheme-value"); } catch (error) { chosen = null; }
  if (chosen !== "dark" && chosen !== "light") {
    chosen = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  document.documentElement.setAttribute("data-mantine-color-scheme", chosen);
})();
