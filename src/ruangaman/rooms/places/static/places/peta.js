// The map: streets as tiles of this house, its own style, its own drawings for hatching and signs, letters of this device.
// Without it the picture that the server drew stays, and every word stands beside it.

import * as maplibre from "./vendor/maplibre-gl.mjs";

const told = JSON.parse(document.getElementById("data-peta").textContent);
const place = document.getElementById("peta");
const FONT = ["Roboto", "Noto Sans", "sans-serif"];
const COLOUR = { ground: "#E3E9E5", safe: "#22672C", unknown: "#46585E", unsafe: "#A3391F", tint: "#FBE5DD", ink: "#14242A", big: "#F6D88F", sun: "#F4B431" };
const ANSWERS = ["safe", "unknown", "unsafe"];
const STILL = matchMedia("(prefers-reduced-motion: reduce)").matches;
const whole = (path) => new URL(path, location.href).href;
const plans = typeof told.plans === "string" && told.plans ? whole(told.plans) : null;
const empty = { type: "FeatureCollection", features: [] };

let map;
try {
  map = start();
} catch {
  map = null; // no WebGL: the picture stays
}
listen();
keep();

function start() {
  const box = document.createElement("div");
  box.className = "kanvas";
  const made = new maplibre.Map({
    container: box,
    style: style(),
    bounds: around(),
    fitBoundsOptions: { padding: 56, maxZoom: 17.4 },
    attributionControl: false,
    maxZoom: 19,
    minZoom: 8,
    fadeDuration: 0,
    dragRotate: false,
    pitchWithRotate: false,
    maxPitch: 0,
    locale: { "Map.Title": told.words.map },
  });
  place.append(box);
  made.touchZoomRotate.disableRotation();
  made.keyboard.disableRotation();
  made.setMissingStyleImageResolver((name) => draw(made, name));
  made.once("idle", () => {
    place.querySelector(".gambar")?.remove();
    place.querySelector(".zum").hidden = false;
    place.dataset.siap = "ya";
  });
  made.resize();
  made.fitBounds(around(), { padding: 56, maxZoom: 17.4, animate: false });
  return made;
}

function around() {
  const spots = told.walk.features.flatMap((one) => one.geometry.coordinates);
  if (!spots.length) return told.bounds;
  const x = spots.map((one) => one[0]);
  const y = spots.map((one) => one[1]);
  return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
}

function is(answer) {
  return ["==", ["slice", ["get", "a"], told.profile, told.profile + 1], String(answer)];
}

function style() {
  const wide = (small, collector, big) => {
    const at = (zoom, times) => [zoom, ["match", ["get", "c"], 2, big * times, 1, collector * times, small * times]];
    return ["interpolate", ["exponential", 1.8], ["zoom"], ...at(12, 0.14), ...at(15, 1), ...at(18, 4)];
  };
  const beside = { "line-offset": ["interpolate", ["exponential", 1.8], ["zoom"], ...[[12, 1.5], [15, 10.5], [18, 43]].flatMap(([zoom, by]) => [zoom, ["match", ["get", "s"], 1, -by, 2, by, 0]])] };
  const streets = { source: "streets", "source-layer": "streets" };
  const round = { "line-cap": "round", "line-join": "round" };
  const line = ["==", ["geometry-type"], "LineString"];
  const quiet = told.walk.features.length ? 0.55 : 1;
  const ends = { type: "FeatureCollection", features: points() };
  return {
    version: 8,
    sources: {
      streets: { type: "vector", tiles: [whole(told.tiles).replaceAll("%7B", "{").replaceAll("%7D", "}")], minzoom: 11, maxzoom: 15, bounds: told.city },
      areas: { type: "geojson", data: whole(told.areas), promoteId: "code" },
      ground: { type: "geojson", data: whole(told.ground) },
      places: { type: "geojson", data: whole(told.places) },
      reports: { type: "geojson", data: told.reports ? whole(told.reports) : empty },
      plans: { type: "geojson", data: plans ?? (told.plans || empty) },
      walk: { type: "geojson", data: told.walk, promoteId: "n" },
      ends: { type: "geojson", data: ends },
    },
    layers: [
      { id: "paper", type: "background", paint: { "background-color": COLOUR.ground } },
      ...[1, 2, 3].map((band) => ({ id: `area-${band}`, type: "fill", source: "areas", maxzoom: 15, filter: ["==", ["get", "band"], band], paint: { "fill-pattern": `hatch-${band}`, "fill-opacity": ["interpolate", ["linear"], ["zoom"], 12, 0.5, 15, 0.25] } })),
      { id: "ground", type: "fill", source: "ground", paint: { "fill-color": ["match", ["get", "kind"], ["school", "kindergarten"], "#C9D0EA", ["clinic", "hospital"], "#FDF0CC", "#CFE6CA"] } },
      { id: "street", type: "line", ...streets, layout: round, paint: { "line-color": ["match", ["get", "c"], 2, COLOUR.big, "#FFFFFF"], "line-width": wide(9, 13, 24) } },
      { id: "safe", type: "line", ...streets, filter: is(0), layout: round, paint: { "line-color": COLOUR.safe, "line-width": wide(2, 2.4, 3), "line-opacity": quiet, ...beside } },
      { id: "unknown", type: "line", ...streets, filter: is(1), layout: round, paint: { "line-color": COLOUR.unknown, "line-width": wide(3, 3.4, 4), "line-opacity": quiet, "line-dasharray": [0.1, 2], ...beside } },
      { id: "unsafe", type: "line", ...streets, filter: is(2), layout: { "line-join": "round" }, paint: { "line-pattern": "hatch-red", "line-width": wide(6, 7, 8), "line-opacity": quiet, ...beside } },
      { id: "border", type: "line", source: "areas", paint: { "line-color": "#667A7E", "line-width": 1.5, "line-dasharray": [4, 2] } },
      { id: "chosen-area", type: "line", source: "areas", filter: ["==", ["get", "code"], ""], paint: { "line-color": COLOUR.ink, "line-width": 4 } },
      { id: "work-edge", type: "line", source: "plans", filter: line, layout: round, paint: { "line-color": "#FFFFFF", "line-width": 8 } },
      { id: "work-line", type: "line", source: "plans", filter: ["all", line, ["!=", ["get", "kind"], "audit"]], layout: round, paint: { "line-color": COLOUR.ink, "line-width": 4 } },
      { id: "work-survey", type: "line", source: "plans", filter: ["all", line, ["==", ["get", "kind"], "audit"]], paint: { "line-color": COLOUR.ink, "line-width": 4, "line-dasharray": [2, 1.4] } },
      { id: "walk-edge", type: "line", source: "walk", layout: round, paint: { "line-color": "#FFFFFF", "line-width": 14 } },
      { id: "walk-chosen", type: "line", source: "walk", filter: ["==", ["get", "n"], -1], layout: round, paint: { "line-color": COLOUR.sun, "line-width": 20 } },
      { id: "walk-safe", type: "line", source: "walk", filter: ["==", ["get", "answer"], "safe"], layout: round, paint: { "line-color": COLOUR.safe, "line-width": 8 } },
      { id: "walk-unknown", type: "line", source: "walk", filter: ["==", ["get", "answer"], "unknown"], layout: round, paint: { "line-color": COLOUR.unknown, "line-width": 7, "line-dasharray": [0.1, 1.8] } },
      { id: "walk-unsafe", type: "line", source: "walk", filter: ["==", ["get", "answer"], "unsafe"], layout: { "line-join": "round" }, paint: { "line-pattern": "hatch-red", "line-width": 11 } },
      ...[0, 1, 2].map((answer) => ({ id: `crossing-${ANSWERS[answer]}`, type: "symbol", source: "streets", "source-layer": "crossings", minzoom: 15.5, filter: is(answer), layout: { "icon-image": `sign-${ANSWERS[answer]}`, "icon-size": 0.55, "icon-padding": 4 } })),
      { id: "names", type: "symbol", ...streets, minzoom: 14.5, filter: ["all", ["has", "n"], ["<=", ["get", "s"], 1]], layout: { "symbol-placement": "line", "text-field": ["get", "n"], "text-font": FONT, "text-size": 13, "symbol-spacing": 320 }, paint: letters(COLOUR.unknown) },
      { id: "dots", type: "circle", source: "places", minzoom: 12.5, paint: { "circle-radius": 5, "circle-color": "#33417E", "circle-stroke-color": "#FFFFFF", "circle-stroke-width": 2 } },
      { id: "place-names", type: "symbol", source: "places", minzoom: 14, layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 14, "text-anchor": "top", "text-offset": [0, 0.6] }, paint: letters(COLOUR.ink) },
      { id: "area-names", type: "symbol", source: "areas", maxzoom: 15, layout: { "text-field": ["format", ["get", "name"], { "font-scale": 1 }, "\n", {}, ["get", "share"], { "font-scale": 0.85 }], "text-font": FONT, "text-size": 14, "text-max-width": 9 }, paint: letters(COLOUR.ink) },
      { id: "reports", type: "fill", source: "reports", paint: { "fill-color": ["case", ["get", "open"], COLOUR.sun, "#DDF0DC"], "fill-opacity": 0.7 } },
      ...[true, false].map((open) => ({ id: open ? "reports-open" : "reports-closed", type: "line", source: "reports", filter: ["==", ["get", "open"], open], paint: { "line-color": COLOUR.ink, "line-width": open ? 2.5 : 1.5, ...(open ? {} : { "line-dasharray": [2, 2] }) } })),
      { id: "work-chosen", type: "circle", source: "plans", filter: ["==", ["get", "id"], ""], paint: { "circle-radius": 20, "circle-color": COLOUR.sun, "circle-stroke-color": COLOUR.ink, "circle-stroke-width": 2 } },
      { id: "works", type: "symbol", source: "plans", filter: ["==", ["geometry-type"], "Point"], layout: { "icon-image": ["concat", "work-", ["get", "kind"]], "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.5, 15, 1], "icon-allow-overlap": true } },
      { id: "barriers", type: "symbol", source: "ends", filter: ["has", "sign"], layout: { "icon-image": ["get", "sign"], "icon-allow-overlap": true } },
      { id: "ends", type: "circle", source: "ends", filter: ["has", "end"], paint: { "circle-radius": 9, "circle-color": ["match", ["get", "end"], "start", "#FFFFFF", COLOUR.sun], "circle-stroke-width": 4, "circle-stroke-color": ["match", ["get", "end"], "start", COLOUR.safe, COLOUR.ink] } },
      { id: "end-names", type: "symbol", source: "ends", filter: ["has", "end"], layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 15, "text-anchor": "bottom", "text-offset": [0, -1], "text-allow-overlap": true }, paint: letters(COLOUR.ink) },
    ],
  };
}

function letters(colour) {
  return { "text-color": colour, "text-halo-color": "#FFFFFF", "text-halo-width": 2 };
}

// Where the walk begins and ends, and a sign where it crosses what is not safe.
function points() {
  const steps = told.walk.features;
  if (!steps.length) return [];
  const point = (coordinates, properties) => ({ type: "Feature", properties, geometry: { type: "Point", coordinates } });
  const first = steps[0].geometry.coordinates[0];
  const last = steps.at(-1).geometry.coordinates.at(-1);
  const signs = steps.filter((one) => one.properties.across).map((one) => point(one.geometry.coordinates[0], { sign: `sign-${one.properties.answer}` }));
  return [...signs, point(first, { end: "start", name: told.words.start }), point(last, { end: "goal", name: told.goal })];
}

// Hatching and signs, drawn here: the style fetches no picture.
function draw(made, name) {
  if (made.hasImage(name)) return;
  const size = name.startsWith("work-") ? 56 : name.startsWith("sign-") ? 64 : { "hatch-1": 16, "hatch-2": 10, "hatch-3": 6 }[name] ?? 16;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  if (name.startsWith("work-")) {
    const path = told.signs[name.slice(5)];
    if (!path) return;
    pen.scale(2, 2);
    pen.fillStyle = "#FFFFFF";
    pen.fill(plate(0));
    pen.fillStyle = COLOUR.ink;
    pen.fill(plate(2));
    pen.translate(2, 2);
    pen.strokeStyle = "#FFFFFF";
    pen.lineWidth = 2.5;
    pen.lineCap = "round";
    pen.stroke(new Path2D(path));
  } else if (name.startsWith("sign-")) {
    const answer = name.slice(5);
    if (!ANSWERS.includes(answer)) return;
    pen.fillStyle = "#FFFFFF";
    disc(pen, 31);
    pen.fillStyle = COLOUR[answer];
    disc(pen, 26);
    pen.fillStyle = "#FFFFFF";
    pen.font = "800 40px Roboto, 'Noto Sans', sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText({ safe: "✓", unknown: "?", unsafe: "!" }[answer], 32, 34);
  } else {
    const red = name === "hatch-red";
    if (red) {
      pen.fillStyle = COLOUR.tint;
      pen.fillRect(0, 0, size, size);
    }
    pen.strokeStyle = red ? COLOUR.unsafe : COLOUR.unknown;
    pen.lineWidth = red ? 6 : 1.2;
    pen.beginPath();
    for (const by of [-size, 0, size]) {
      pen.moveTo(by - 4, size + 4);
      pen.lineTo(by + size + 4, -4);
    }
    pen.stroke();
  }
  made.addImage(name, pen.getImageData(0, 0, size, size), { pixelRatio: 2 });
}

function plate(by) {
  const path = new Path2D();
  path.roundRect(by, by, 28 - 2 * by, 28 - 2 * by, 6);
  return path;
}

function disc(pen, radius) {
  pen.beginPath();
  pen.arc(32, 32, radius, 0, 7);
  pen.fill();
}

function listen() {
  document.getElementById("dekat")?.addEventListener("click", () => map?.zoomIn({ animate: !STILL }));
  document.getElementById("jauh")?.addEventListener("click", () => map?.zoomOut({ animate: !STILL }));
  document.addEventListener("focusin", (event) => {
    const step = event.target.closest?.("[data-langkah]");
    const area = event.target.closest?.("[data-wilayah]");
    const work = event.target.closest?.("[data-karya]");
    if (work) showWork(work.dataset.karya);
    if (step) showStep(Number(step.dataset.langkah));
    if (area) map?.setFilter("chosen-area", ["==", ["get", "code"], area.dataset.wilayah]);
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === "baik") ask(event.target.form);
  });
}

function showStep(number) {
  const step = told.walk.features.find((one) => one.properties.n === number);
  if (!map || !step) return;
  map.setFilter("walk-chosen", ["==", ["get", "n"], number]);
  const spots = step.geometry.coordinates;
  map.easeTo({ center: spots[Math.floor(spots.length / 2)], animate: !STILL, duration: 300 });
}

// A work of a plan: where it is, and a sun behind its sign.
let works = null;
async function showWork(id) {
  if (!map) return;
  works ??= plans ? fetch(plans).then((answer) => answer.json()).catch(() => empty) : Promise.resolve(told.plans || empty);
  const found = (await works).features.find((one) => one.properties.id === id && one.geometry.type === "Point");
  if (!found) return;
  map.setFilter("work-chosen", ["all", ["==", ["geometry-type"], "Point"], ["==", ["get", "id"], id]]);
  map.easeTo({ center: found.geometry.coordinates, zoom: Math.max(map.getZoom(), 14.5), animate: !STILL, duration: 300 });
}

// What the chosen actions bring: the same page, asked again, gives the answer.
let latest = 0;
async function ask(form) {
  const mine = ++latest;
  const address = `${location.pathname}?${new URLSearchParams(new FormData(form))}`;
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("hasil");
    if (mine === latest && fresh) document.getElementById("hasil").replaceChildren(...fresh.childNodes);
  } catch {
    if (mine === latest) document.getElementById("tanpa-sinyal") && document.body.append(document.getElementById("tanpa-sinyal").content.cloneNode(true));
  }
}

// For times without signal: the page, what it loaded, and the tiles around what it shows.
async function keep() {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  try {
    await navigator.serviceWorker.register(told.worker, { scope: told.scope });
    const ready = await navigator.serviceWorker.ready;
    const wanted = [location.href.split("#")[0], told.areas, told.places, told.ground, ...(plans ? [told.plans] : []), ...tiles()];
    const table = document.querySelector(".top .act")?.href;
    ready.active?.postMessage({ keep: [...wanted, ...(table ? [table] : [])] });
  } catch {
    // a browser without storage keeps nothing; the page works with signal
  }
}

function tiles() {
  const [west, south, east, north] = around();
  const found = [];
  for (let zoom = 11; zoom <= 15; zoom += 1) {
    const side = 2 ** zoom;
    const column = (lon) => Math.floor(((lon + 180) / 360) * side);
    const row = (lat) => Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * side);
    for (let x = column(west) - 1; x <= column(east) + 1; x += 1) {
      for (let y = row(north) - 1; y <= row(south) + 1; y += 1) {
        found.push(told.tiles.replace("{z}", zoom).replace("{x}", x).replace("{y}", y));
        if (found.length >= 200) return found;
      }
    }
  }
  return found;
}
