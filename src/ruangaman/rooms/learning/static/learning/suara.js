// A voice for whoever does not read yet: on a tap, never by itself. A file of ours goes first; where there is none, the
// browser's own voice of the page's language may speak; where neither is, there is no button.

let playing;

const TEXTS = {
  layar: (place) => [place.parentElement.querySelector("h2"), place.parentElement.querySelector("[data-teks]")],
  soal: (place) => [place.closest(".item,[data-soal]").querySelector(".shown"), place.parentElement.querySelector("legend")],
  pilihan: (place) => [place.previousElementSibling],
  kabar: (place) => [...place.parentElement.querySelectorAll("p,li")],
  petunjuk: (place) => [place.previousElementSibling],
};

/** The browser's own voice of the language in which this stands. */
function own(place) {
  const language = place.closest("[lang]").lang === "en" ? "en" : "id";
  return globalThis.speechSynthesis?.getVoices().find((one) => one.lang.replace("_", "-").startsWith(`${language}-`));
}

function stop() {
  const told = document.querySelector("[data-bisu]");
  if (told) told.hidden = true;
  playing?.pause();
  globalThis.speechSynthesis?.cancel();
}

function speak(place) {
  stop();
  if (place.dataset.berkas) {
    playing = new Audio(place.dataset.berkas);
    playing.play().catch((error) => error.name !== "AbortError" && speakOwn(place)); // another tap stops it
  } else {
    speakOwn(place);
  }
}

function speakOwn(place) {
  const voice = own(place);
  if (!voice) return silent(place);
  const text = TEXTS[place.dataset.dengar](place).filter(Boolean).map((one) => one.textContent.trim()).join(". ");
  const said = new SpeechSynthesisUtterance(text);
  said.voice = voice;
  said.lang = voice.lang;
  speechSynthesis.speak(said);
}

/** Neither the file nor a voice of the browser: the page says so where somebody tapped. */
function silent(place) {
  const told = document.querySelector("[data-bisu]");
  if (!told) return;
  place.after(told);
  told.hidden = false;
}

/** Offer a voice for everything that can be heard there. */
export function listen(root) {
  const places = [...root.querySelectorAll("[data-dengar]")];
  const offer = () => {
    for (const place of places) place.querySelector("button").hidden = !place.dataset.berkas && !own(place);
  };
  for (const place of places) place.querySelector("button").addEventListener("click", () => speak(place));
  globalThis.speechSynthesis?.addEventListener?.("voiceschanged", offer);
  offer();
}

addEventListener("pagehide", stop);
listen(document);
