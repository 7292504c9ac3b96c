// A voice for whoever does not read yet: on a tap, never by itself. A file of ours goes first; where there is none, the
// browser's own voice of the page's language may speak; where neither is, there is no button.

const language = document.documentElement.lang === "en" ? "en" : "id";
const places = [...document.querySelectorAll("[data-dengar]")];
let playing;

const TEXTS = {
  layar: (place) => [place.parentElement.querySelector("h2"), place.parentElement.querySelector("[data-teks]")],
  soal: (place) => [place.closest(".item").querySelector(".shown"), place.parentElement.querySelector("legend")],
  pilihan: (place) => [place.parentElement.querySelector("label")],
  kabar: (place) => [...place.parentElement.querySelectorAll("p,li")],
  petunjuk: (place) => [place.previousElementSibling],
};

const own = () => globalThis.speechSynthesis?.getVoices().find((one) => one.lang.replace("_", "-").startsWith(`${language}-`));

function stop() {
  playing?.pause();
  globalThis.speechSynthesis?.cancel();
}

function speak(place) {
  stop();
  if (place.dataset.berkas) {
    playing = new Audio(place.dataset.berkas);
    playing.play().catch(() => speakOwn(place));
  } else {
    speakOwn(place);
  }
}

function speakOwn(place) {
  const voice = own();
  if (!voice) return;
  const text = TEXTS[place.dataset.dengar](place).filter(Boolean).map((one) => one.textContent.trim()).join(". ");
  const said = new SpeechSynthesisUtterance(text);
  said.voice = voice;
  said.lang = voice.lang;
  speechSynthesis.speak(said);
}

function offer() {
  const spoken = Boolean(own());
  for (const place of places) place.querySelector("button").hidden = !place.dataset.berkas && !spoken;
}

for (const place of places) place.querySelector("button").addEventListener("click", () => speak(place));
addEventListener("pagehide", stop);
globalThis.speechSynthesis?.addEventListener?.("voiceschanged", offer);
offer();
