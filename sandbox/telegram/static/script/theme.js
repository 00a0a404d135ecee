// Light or dark: the system's, unless the person chose. Runs before the page is drawn.

{
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const asked = new URLSearchParams(location.search).get("theme");
  if (asked === "dark" || asked === "light") localStorage.setItem("theme", asked);

  const chosen = () => localStorage.getItem("theme");
  const dark = () => (chosen() ?? (system.matches ? "dark" : "light")) === "dark";
  const apply = () => {
    if (chosen()) root.dataset.theme = chosen();
    document.getElementById("theme")?.setAttribute("aria-pressed", String(dark()));
  };

  apply();
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", () => {
    apply();
    document.getElementById("theme").addEventListener("click", () => {
      localStorage.setItem("theme", dark() ? "light" : "dark");
      apply();
    });
  });
}
