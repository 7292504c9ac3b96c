// What a learning system is told of one lesson: which items there are, what was answered first, how far somebody came.

const page = document.getElementById("pelajaran");

/** Items that count: practice, and the check at the end. A try before anything is told does not. */
const COUNTED = ["practise", "check"];
const NONE = "-";

export const objective = page.dataset.objective;
export const version = Number(page.dataset.version);
export const language = document.documentElement.lang;
export const mastery = page.dataset.mastery ? Number(page.dataset.mastery) : undefined;
export const iri = page.dataset.iri;
export const steps = page.querySelectorAll(".step").length;
export const items = [...page.querySelectorAll("[data-item]")].map((box) => {
  const inputs = [...box.querySelectorAll("input")];
  return {
    id: box.dataset.item,
    stem: box.querySelector("legend").textContent.trim(),
    options: inputs.map((one) => one.value),
    texts: inputs.map((one) => one.nextElementSibling.textContent.trim()),
    right: inputs.findIndex((one) => "right" in one.dataset),
    counts: COUNTED.includes(box.closest(".step").dataset.kind),
  };
});
const counted = items.filter((one) => one.counts);

/** Nothing yet. `times`: how often it was saved, so that the newer of two is known. */
export const nothing = () => ({ times: 0, at: 0, done: false, first: {}, last: {}, sure: {} });

/** What was chosen anew goes into `told`; gives the items concerned with the option's place. */
export function record(told, { at, chosen, sure }) {
  const fresh = items
    .map((item) => ({ item, option: item.options.indexOf(chosen[item.id]) }))
    .filter(({ item, option }) => option >= 0 && told.last[item.id] !== option);
  for (const { item, option } of fresh) {
    told.first[item.id] ??= option;
    told.last[item.id] = option;
  }
  told.sure = { ...sure };
  told.at = at;
  told.done ||= at === steps - 1;
  told.times += 1;
  return fresh;
}

/** Share of counted items whose first answer was right, 0 to 1; undefined while none was answered: who skips loses nothing. */
export function score(told) {
  if (!counted.some((one) => one.id in told.first)) return undefined;
  return counted.filter((one) => told.first[one.id] === one.right).length / counted.length;
}

/** Whether what adults are to master was reached; undefined for children, who are never told that they failed. */
export function passed(told, mark = mastery) {
  const share = score(told);
  return mark === undefined || share === undefined ? undefined : share >= mark;
}
export const progress = (told) => (told.done ? 1 : (told.at + 1) / steps);

/** A few dozen letters: three for each item, far below the 4096 of SCORM 1.2. How sure somebody is goes no further. */
export function written(told) {
  const row = (answers) => items.map((one) => answers[one.id]?.toString(36) ?? NONE).join("");
  const sure = items.map((one) => (one.id in told.sure ? Number(told.sure[one.id]) : NONE)).join("");
  return [version, told.times, told.at, told.done ? 1 : 0, row(told.first), row(told.last), sure].join("|");
}

/** What was written, or undefined where it is of another version or nothing of ours. */
export function read(text) {
  const [of, times, at, done, first, last, sure = ""] = (text || "").split("|");
  if (Number(of) !== version || first?.length !== items.length || last?.length !== items.length) return undefined;
  const row = (letters) =>
    Object.fromEntries(
      items
        .map((one, number) => [one.id, parseInt(letters[number], 36), one.options.length])
        .filter(([, option, many]) => option < many)
        .map(([id, option]) => [id, option]),
    );
  const told = items.map((one, number) => [one.id, sure[number]]).filter(([, letter]) => letter === "0" || letter === "1");
  return {
    times: Number(times) || 0,
    at: Number(at) || 0,
    done: done === "1",
    first: row(first),
    last: row(last),
    sure: Object.fromEntries(told.map(([id, letter]) => [id, letter === "1"])),
  };
}

/** The newer of what the system and what this device remembers. */
export const newer = (one, other) => ((other?.times ?? -1) > (one?.times ?? -1) ? other : one);

/** As the lesson itself keeps it. */
export const state = (told) => ({
  version,
  at: told.at,
  chosen: Object.fromEntries(items.filter((one) => one.id in told.last).map((one) => [one.id, one.options[told.last[one.id]]])),
  sure: { ...told.sure },
});

/** Says that answers did not arrive (yet), or that they did. */
export function unsent(is) {
  page.querySelector("[data-tunda]").hidden = !is;
}

/** Outside of a learning system: everything stays on this device, and the page says so. */
export function alone() {
  const line = page.querySelector("[data-simpan]");
  line.textContent = line.dataset.sini;
}

/** Both standards tell time in seconds, with two places. */
export const seconds = (from, to = performance.now()) => Math.max(0, (to - from) / 1000);
