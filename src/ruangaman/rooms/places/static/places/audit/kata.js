// The sentences of the page in the reader's language: the page brings them along, so that no script has a language.

const said = JSON.parse(document.getElementById("kata").textContent);
export const language = document.documentElement.lang === "en" ? "en" : "id";

/** A sentence with its places filled in. */
export function say(name, places = {}) {
  return (said[name] ?? said.other).replace(/\{(\w+)\}/g, (_, place) => places[place] ?? "");
}

/** The reader's side of a text in both languages. */
export const both = (pair) => pair[language];

/** 14.02 */
export function hour(at) {
  const two = (number) => String(number).padStart(2, "0");
  const day = new Date(at);
  return `${two(day.getHours())}${language === "en" ? ":" : "."}${two(day.getMinutes())}`;
}

export const answerWord = (answer) => say({ ya: "yes", tidak: "no", tak_terlihat: "unseen" }[answer]);

/** A number as the reader writes it. */
export const decimal = (text) => (language === "en" ? text : text.replace(".", ","));
