// Keeps what is marked data-live as the server has it, and sends forms without leaving the page.
// Without this script every page and every form works, only not by itself.

const EVERY = 1000; // milliseconds

function swap(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(old.id);
    if (!now || now.outerHTML === old.outerHTML) continue;
    const focused = old.contains(document.activeElement) ? document.activeElement.id : null;
    for (const { name } of [...old.attributes]) if (!now.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of now.attributes) old.setAttribute(name, value);
    old.replaceChildren(...document.importNode(now, true).childNodes);
    if (focused) document.getElementById(focused)?.focus();
  }
}

async function look() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (answer.ok) swap(await answer.text());
}

async function keepLooking() {
  await look().catch(() => {}); // the server stops and starts again
  setTimeout(keepLooking, EVERY);
}

async function send(event) {
  const form = event.target;
  const button = event.submitter;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, button));
  const to = button?.getAttribute("formaction") ?? form.action;
  // Turns a carousel where it stands; the links alone would also scroll the page.
function turn(event) {
  const link = event.target.closest(".turn");
  if (!link) return;
  event.preventDefault();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const slide = document.getElementById(link.hash.slice(1));
  slide.parentElement.scrollTo({ left: slide.offsetLeft, behavior: calm ? "auto" : "smooth" });
  const same = slide.querySelector(link.matches(".on") ? ".on" : ".back"); // none at either end
  (same ?? slide.querySelector(".turn")).focus({ preventScroll: true });
}

for (const slides of document.querySelectorAll(".slides")) slides.addEventListener("click", turn);

const panel = document.querySelector(".panel");
  panel.setAttribute("aria-busy", "true"); // a jump of the clock waits for what is due on the way
  try {
    const answer = await fetch(to, { method: "POST", body });
    if (answer.ok) swap(await answer.text());
    else document.getElementById("said").textContent = await answer.text();
  } catch {
    document.getElementById("said").textContent = "ClipCue does not answer: is it running?";
  } finally {
    panel.removeAttribute("aria-busy");
  }
}

// Offers what can happen at the chosen place, and asks for a number only where one is needed.
function fitTrouble(form) {
  const { place, trouble, measure, times, always } = form.elements;
  for (const option of trouble.options) {
    option.disabled = option.hidden = !option.dataset.places.split(",").includes(place.value);
  }
  for (const group of trouble.querySelectorAll("optgroup")) {
    group.hidden = [...group.children].every((option) => option.disabled);
  }
  if (trouble.selectedOptions[0]?.disabled) {
    trouble.value = [...trouble.options].find((option) => !option.disabled).value;
  }
  const { unit, usual } = trouble.selectedOptions[0].dataset;
  const field = measure.closest(".field");
  field.hidden = !unit;
  if (unit && field.dataset.unit !== unit) measure.value = usual;
  field.dataset.unit = unit ?? "";
  field.querySelector(".unit").textContent = unit ? `(${unit})` : "";
  times.disabled = always.checked;
}

// Turns a carousel where it stands; the links alone would also scroll the page.
function turn(event) {
  const link = event.target.closest(".turn");
  if (!link) return;
  event.preventDefault();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const slide = document.getElementById(link.hash.slice(1));
  slide.parentElement.scrollTo({ left: slide.offsetLeft, behavior: calm ? "auto" : "smooth" });
  const same = slide.querySelector(link.matches(".on") ? ".on" : ".back"); // none at either end
  (same ?? slide.querySelector(".turn")).focus({ preventScroll: true });
}

for (const slides of document.querySelectorAll(".slides")) slides.addEventListener("click", turn);

const panel = document.querySelector(".panel");
if (panel) {
  panel.addEventListener("submit", send);
  const form = document.getElementById("trouble-form");
  form.addEventListener("change", () => fitTrouble(form));
  fitTrouble(form);
}
if (document.querySelector("[data-live]")) setTimeout(keepLooking, EVERY);
