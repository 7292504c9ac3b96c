// The sentences of a page in the reader's language: the page brings them along, so that no script has a language.

const said = JSON.parse(document.getElementById("kata").textContent);
export const language = document.documentElement.lang === "en" ? "en" : "id";

/** A sentence with its places filled in; of a code that nobody knows, that it did not work. */
export function say(name, places = {}) {
  return (said[name] ?? said.other).replace(/\{(\w+)\}/g, (_, place) => places[place] ?? "");
}

/** A day as it is said: 31 Des. Takes seconds since 1970. */
export function day(seconds) {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "id-ID", { day: "numeric", month: "short" }).format(new Date(seconds * 1000));
}

/** What a claim is called. */
export function claim(name) {
  const [, side, years] = /^age_(over|under)_(\d+)$/.exec(name) ?? [];
  return say(side === "under" ? "card_under" : "card", { years });
}
