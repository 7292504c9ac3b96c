// The estimate of an age from a face. Pictures and numbers live in this module's memory and go nowhere: of a whole try
// the house hears that it began, and at most one yes. Whatever ends it turns the camera off and wipes first.
import { farAbove, unfit } from "./wajah-aturan.js";

const root = document.getElementById("wajah");
const words = JSON.parse(document.getElementById("kata").textContent);
const video = document.getElementById("gambar");
const screen = document.getElementById("layar");
const news = document.getElementById("kabar");
const start = document.getElementById("mulai");
const stop = document.getElementById("henti");
const yes = document.getElementById("ya");
const SIDE = 32; // pixels of the small picture whose brightness is looked at
let run = null; // the try that goes on: {stream, canvas, estimates, over}

document.getElementById("tanpa-skrip").hidden = true;
document.getElementById("kamera").hidden = false;

function say(what) {
  news.textContent = words[what] || words.broken;
}

// Camera off, pictures and numbers gone; first of all, whatever happened.
function wipe() {
  if (!run) return;
  const old = run;
  run = null;
  old.over = true;
  if (old.stream) for (const track of old.stream.getTracks()) track.stop();
  video.srcObject = null;
  old.estimates.fill(0);
  old.estimates.length = 0;
  for (const canvas of [old.canvas, old.small]) canvas.width = canvas.height = 0;
  screen.hidden = stop.hidden = true;
  start.hidden = false;
}

function end(what) {
  wipe();
  say(what);
}

async function model() {
  const from = root.dataset.model;
  const found = await import(from + "face-api.esm.js");
  if (!(await found.tf.setBackend("webgl").catch(() => false))) await found.tf.setBackend("cpu");
  await found.tf.ready();
  await Promise.all([found.nets.tinyFaceDetector, found.nets.ageGenderNet].map((one) => one.loadFromUri(from)));
  return found;
}

function brightness(small) {
  const told = small.getContext("2d", { willReadFrequently: true });
  told.drawImage(video, 0, 0, SIDE, SIDE);
  const pixels = told.getImageData(0, 0, SIDE, SIDE).data;
  let sum = 0;
  for (let at = 0; at < pixels.length; at += 4) sum += 0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2];
  return sum / (SIDE * SIDE * 255);
}

async function look(api, mine, rule) {
  mine.canvas.width = video.videoWidth;
  mine.canvas.height = video.videoHeight;
  mine.canvas.getContext("2d", { willReadFrequently: true }).drawImage(video, 0, 0);
  const options = new api.TinyFaceDetectorOptions({ inputSize: 224, scoreThreshold: rule.least_score / 2 });
  const found = await api.detectAllFaces(mine.canvas, options).withAgeAndGender();
  const faces = found.map((one) => ({ score: one.detection.score, height: one.detection.box.height / video.videoHeight }));
  const why = unfit(faces, brightness(mine.small), rule);
  if (!why) mine.estimates.push(found[0].age);
  return why;
}

async function begun() {
  const reply = await fetch(start.action, {
    method: "POST", body: new URLSearchParams(new FormData(start)), headers: { Accept: "application/json" },
  });
  const told = await reply.json();
  return reply.ok ? told : { refused: told.code };
}

function camera() {
  return navigator.mediaDevices.getUserMedia({
    audio: false, video: { facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 } },
  });
}

start.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (run) return;
  if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return say("no_camera");
  const mine = { stream: null, canvas: document.createElement("canvas"), small: document.createElement("canvas"), estimates: [], over: false };
  mine.small.width = mine.small.height = SIDE;
  run = mine;
  start.hidden = true;
  stop.hidden = false;
  say("starting");
  try {
    mine.stream = await camera(); // a camera that is refused uses up no try
  } catch (error) {
    return mine.over ? undefined : end(error.name === "NotAllowedError" ? "refused" : "no_camera");
  }
  if (mine.over) return mine.stream.getTracks().forEach((track) => track.stop());
  try {
    video.srcObject = mine.stream;
    screen.hidden = false;
    await video.play();
    say("loading");
    const api = await model();
    if (mine.over) return;
    const rule = await begun();
    if (mine.over) return;
    if (rule.refused) return end(rule.refused);
    say("looking");
    await measure(api, mine, rule);
  } catch {
    if (!mine.over) end("broken");
  }
});

async function measure(api, mine, rule) {
  const until = performance.now() + rule.seconds * 1000;
  while (!mine.over && performance.now() < until && mine.estimates.length < rule.frames) {
    const why = await look(api, mine, rule);
    if (mine.over) return;
    say(why || "looking");
    await new Promise((go) => setTimeout(go, 150));
  }
  if (mine.over) return;
  const enough = mine.estimates.length >= rule.frames;
  const proved = farAbove(mine.estimates, rule.line, rule.frames);
  end(proved ? "proved" : enough ? "unproved" : "ended");
  if (!proved) return;
  yes.elements.state.value = rule.state;
  yes.submit();
}

stop.addEventListener("click", () => end("stopped"));
addEventListener("pagehide", wipe);
document.addEventListener("visibilitychange", () => {
  if (document.hidden && run) end("stopped");
});
