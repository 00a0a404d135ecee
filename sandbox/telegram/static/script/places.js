// A location: a city of the list, coordinates typed, or where this device is.

import { sendLocation } from "./api.js";
import { make } from "./dom.js";

// Apart in their clocks, two of them by less than an hour.
const CITIES = {
  Berlin: [52.52, 13.405],
  Madrid: [40.4168, -3.7038],
  Lisbon: [38.7223, -9.1393],
  Kyiv: [50.4501, 30.5234],
  "New York": [40.7128, -74.006],
  "Los Angeles": [34.0522, -118.2437],
  "Mexico City": [19.4326, -99.1332],
  "São Paulo": [-23.5505, -46.6333],
  Lagos: [6.5244, 3.3792],
  Dubai: [25.2048, 55.2708],
  Mumbai: [19.076, 72.8777],
  Kathmandu: [27.7172, 85.324],
  Tokyo: [35.6762, 139.6503],
  Sydney: [-33.8688, 151.2093],
};

const dialog = document.getElementById("place");
const form = dialog.querySelector("form");
const { city, latitude, longitude } = form.elements;
const trouble = dialog.querySelector(".trouble");

city.append(make("option", { value: "" }, "Somewhere else"), ...Object.keys(CITIES).map((name) => make("option", { value: name }, name)));

function fill([north, east]) {
  latitude.value = north;
  longitude.value = east;
  trouble.textContent = "";
}

city.addEventListener("change", () => city.value && fill(CITIES[city.value]));
for (const field of [latitude, longitude]) field.addEventListener("input", () => { city.value = ""; });

dialog.querySelector(".here").addEventListener("click", () => {
  trouble.textContent = "";
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      city.value = "";
      fill([coords.latitude.toFixed(4), coords.longitude.toFixed(4)]);
    },
    (error) => { trouble.textContent = `The browser does not say where it is: ${error.message}`; },
    { timeout: 10000 },
  );
});

function degrees(field, most) {
  const value = Number(field.value.replace(",", "."));
  return field.value.trim() && Math.abs(value) <= most ? value : null;
}

form.addEventListener("submit", (event) => {
  if (event.submitter?.value !== "send") return;
  if (degrees(latitude, 90) !== null && degrees(longitude, 180) !== null) return;
  event.preventDefault();
  trouble.textContent = "A latitude is a number from -90 to 90, a longitude from -180 to 180.";
});

/** Ask where the person is, and send it. `phone` has person, failed, sent. */
export function askPlace(phone) {
  city.value = "Berlin";
  fill(CITIES.Berlin);
  dialog.returnValue = "cancel";
  dialog.showModal();
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "send") return;
    phone.sent();
    const place = { latitude: degrees(latitude, 90), longitude: degrees(longitude, 180) };
    sendLocation(phone.person, place).catch(phone.failed);
  }, { once: true });
}
