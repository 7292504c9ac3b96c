// A lesson within a learning system by SCORM, whichever version: a dialect says how its words are called.

import * as results from "./hasil.js";
import * as here from "./simpanan.js";

const MOST_PARENTS = 7;
const MOST_INTERACTIONS = 250;

/** The system's interface: of this window, of up to seven around it, then of whoever opened it. */
function find(name) {
  const around = (first) => {
    let one = first;
    for (let up = 0; up <= MOST_PARENTS; up++) {
      if (one[name]) return one[name];
      if (one.parent === one) return undefined;
      one = one.parent;
    }
    return undefined;
  };
  try {
    return around(window) ?? (window.top.opener ? around(window.top.opener) : undefined);
  } catch {
    return undefined; // a window around us belongs to somebody else
  }
}

function outside() {
  results.alone();
  return here;
}

/** What the lesson's own store offers, `load` and `save`, with the learning system behind it. */
export async function attach(dialect) {
  const lms = find(dialect.api);
  if (!lms || lms[dialect.initialize]("") !== "true") return outside();
  const began = performance.now();
  let last = began;
  let ended = false;
  const get = (name) => lms[dialect.get](name);
  const set = (name, value) => lms[dialect.set](name, String(value)) === "true";
  const commit = () => lms[dialect.commit]("") === "true";
  // Set early: a system that loses us would otherwise take the lesson as ended and forget where somebody was.
  const watched = get(dialect.mode);
  const looksOnly = watched === "browse" || watched === "review";
  const learner = get(dialect.learner);
  // Without a name of the learner nothing is kept here: the next one at this device would be given it.
  const spare = learner && `${results.objective}:${learner}`;
  let told = results.read(get(dialect.memory));
  const left = results.read(spare && (await here.load(spare).catch(() => undefined)));
  const unheard = results.newer(told, left) !== told;
  told = results.newer(told, left) ?? results.nothing();
  const again = told.done && results.passed(told) === false;
  if (again) told = { ...results.nothing(), times: told.times };
  if (!looksOnly) {
    set(dialect.exit, "suspend");
    if (again || !told.done) dialect.begun(set);
    commit();
  }

  function tell(fresh) {
    const count = Number(get("cmi.interactions._count")) || 0;
    fresh.slice(0, Math.max(0, MOST_INTERACTIONS - count)).forEach(({ item, option }, number) => {
      dialect.answered(set, `cmi.interactions.${count + number}`, item, option, results.seconds(last));
    });
    dialect.stands(set, told, results);
    set(dialect.memory, results.written(told));
    set(dialect.time, dialect.duration(results.seconds(began)));
  }

  /** True when the system has it. What did not arrive is kept on this device and told again at the next chance. */
  async function send() {
    const arrived = !ended && commit();
    results.unsent(!arrived);
    if (spare) await here.save(spare, arrived ? "" : results.written(told)).catch(() => undefined);
    return arrived;
  }

  function finish() {
    if (ended) return;
    if (!looksOnly) {
      set(dialect.time, dialect.duration(results.seconds(began)));
      set(dialect.exit, told.done ? dialect.over : "suspend");
      commit();
    }
    ended = true;
    lms[dialect.finish]("");
  }

  addEventListener("pagehide", finish);
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  addEventListener("online", () => !looksOnly && send());
  if (unheard && !looksOnly) {
    tell([]);
    await send();
  }
  return {
    load: async () => (told.times && !again ? results.state(told) : undefined),
    save: async (_key, state) => {
      const fresh = results.record(told, state);
      if (looksOnly) throw new Error("only looked at"); // the page then does not say that anything is saved
      if (ended) throw new Error("the session is over");
      tell(fresh);
      last = performance.now();
      if (!(await send())) throw new Error("not saved");
    },
  };
}

const two = (number) => String(Math.floor(number)).padStart(2, "0");
const clock = (value) => [value / 3600, (value % 3600) / 60].map(two).join(":");

/** HH:MM:SS.SS, as SCORM 1.2 tells spans. */
export const span = (value) => `${clock(value)}:${(value % 60).toFixed(2).padStart(5, "0")}`;
