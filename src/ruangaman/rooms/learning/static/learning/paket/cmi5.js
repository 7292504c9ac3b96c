// A lesson in a learning system by cmi5 (Quartz, 1st edition): launched with an address of a record store, told by xAPI.

import * as results from "./hasil.js";
import * as here from "./simpanan.js";

const NEEDED = ["endpoint", "fetch", "actor", "registration", "activityId"];
const MEMORY = "ruangaman";
const CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5";
const MOVE_ON = "https://w3id.org/xapi/cmi5/context/categories/moveon";
const MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore";
const VERBS = "http://adlnet.gov/expapi/verbs/";
const INTERACTION = "http://adlnet.gov/expapi/activities/cmi.interaction";

const began = performance.now();
const duration = (from = began) => `PT${results.seconds(from).toFixed(2)}S`;
const four = (share) => Math.round(share * 1e4) / 1e4;

/** RFC 9562 version 4, also where a page has no secure context. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** A session that cannot be told of any more: it was closed, or never began. Answers stay here until the next one. */
function closed(spare, told) {
  results.alone();
  document.querySelector("[data-tutup]").hidden = false;
  return {
    load: async () => (told.times ? results.state(told) : undefined),
    save: (_key, state) => {
      results.record(told, state);
      return here.save(spare, results.written(told));
    },
  };
}

/** What this tab has told already, for when it is loaded again; it ends with the tab, as others may use the device. */
function seen(spare, told) {
  try {
    if (told) sessionStorage.setItem(spare, told);
    return sessionStorage.getItem(spare);
  } catch {
    return undefined; // a browser may forbid it
  }
}

function outside() {
  results.alone();
  return here;
}

async function begin() {
  const asked = new URLSearchParams(location.search);
  if (!NEEDED.every((name) => asked.get(name))) return outside();
  const { registration, activityId } = Object.fromEntries(asked);
  const base = asked.get("endpoint").replace(/\/?$/, "/");
  const actor = JSON.parse(asked.get("actor"));
  const spare = `${results.objective}:${registration}`;
  const left = results.newer(results.read(seen(spare)), results.read(await here.load(spare).catch(() => undefined)));

  // The word may be fetched once; a page that is loaded again has none, and its session is over.
  const word = await fetch(asked.get("fetch"), { method: "POST" })
    .then((answer) => answer.json())
    .then((told) => told["auth-token"])
    .catch(() => undefined);
  if (!word) return closed(spare, left ?? results.nothing());
  const headers = { Authorization: `Basic ${word}`, "X-Experience-API-Version": "1.0.3" };
  const json = { ...headers, "Content-Type": "application/json" };
  const address = (path, told) => `${base}${path}?${new URLSearchParams(told)}`;
  const state = (stateId) =>
    address("activities/state", { activityId, agent: JSON.stringify(actor), registration, stateId });
  async function read(from) {
    const answer = await fetch(from, { headers });
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }
  async function write(to, method, told, more = {}) {
    const answer = await fetch(to, { method, headers: json, body: JSON.stringify(told), ...more });
    if (!answer.ok) throw new Error(`${answer.status}`);
  }

  let launch;
  let memory;
  try {
    launch = await read(state("LMS.LaunchData"));
    await read(address("agents/profile", { agent: JSON.stringify(actor), profileId: "cmi5LearnerPreferences" }));
    memory = (await read(state(MEMORY))) ?? {};
  } catch {
    launch = undefined;
  }
  if (!launch) return closed(spare, left ?? results.nothing());
  const tells = (launch.launchMode ?? "Normal") === "Normal";
  const mastery = launch.masteryScore ?? results.mastery;
  let told = results.newer(results.read(memory.told), left) ?? results.nothing();
  const again = told.done && results.passed(told, mastery) === false;
  if (again) told = { ...results.nothing(), times: told.times };

  let last = performance.now();
  let ended = false;
  let judged = false;
  let waiting = [];
  let sending = Promise.resolve(true);

  /** One of cmi5's own statements names its category; one with a verdict counts for moving on. */
  function say(verb, { object, result, categories = [], extensions } = {}) {
    const template = launch.contextTemplate ?? {};
    const activities = template.contextActivities ?? {};
    const category = [...(activities.category ?? []), ...categories.map((id) => ({ id, objectType: "Activity" }))];
    waiting.push({
      id: uuid(),
      actor,
      verb: { id: VERBS + verb, display: { en: verb } },
      object: object ?? { id: activityId, objectType: "Activity" },
      ...(result && { result }),
      context: {
        ...template,
        registration,
        contextActivities: { ...activities, ...(category.length && { category }) },
        extensions: { ...template.extensions, ...extensions },
      },
      timestamp: new Date().toISOString(),
    });
  }

  function answered({ item, option }) {
    const text = (words) => ({ [results.language]: words });
    say("answered", {
      object: {
        id: `${results.iri}#${item.id}`,
        objectType: "Activity",
        definition: {
          type: INTERACTION,
          interactionType: "choice",
          description: text(item.stem),
          choices: item.options.map((id, number) => ({ id, description: text(item.texts[number]) })),
          correctResponsesPattern: [item.options[item.right]],
        },
      },
      result: { response: item.options[option], success: option === item.right, duration: duration(last) },
    });
  }

  /** Completed once for good; passed once for good; failed at most once while a session lasts. */
  function judge() {
    if (!told.done) return;
    if (!memory.completed) {
      say("completed", { result: { completion: true, duration: duration() }, categories: [CMI5, MOVE_ON] });
      memory.completed = true;
    }
    const passed = results.passed(told, mastery);
    if (passed === undefined || memory.passed || judged) return;
    say(passed ? "passed" : "failed", {
      result: { success: passed, score: { scaled: four(results.score(told)) }, duration: duration() },
      categories: [CMI5, MOVE_ON],
      ...(launch.masteryScore !== undefined && { extensions: { [MASTERY]: launch.masteryScore } }),
    });
    judged = true;
    memory.passed = passed;
  }

  /** In their order, one after the other; true once the store has everything. What it has not stays on this device. */
  function send() {
    sending = sending.then(async () => {
      let arrived = true;
      try {
        while (waiting.length) {
          const batch = [...waiting];
          await write(`${base}statements`, "POST", batch);
          waiting = waiting.filter((one) => !batch.includes(one));
        }
        if (tells && told.times) await write(state(MEMORY), "PUT", { ...memory, told: results.written(told) });
      } catch {
        arrived = false;
      }
      results.unsent(!arrived);
      await here.save(spare, arrived ? "" : results.written(told)).catch(() => undefined);
      return arrived;
    });
    return sending;
  }

  /** The last word of a session; nothing follows it. It goes out even while the page is left. */
  function leave() {
    if (ended) return Promise.resolve();
    ended = true;
    say("terminated", { result: { duration: duration() }, categories: [CMI5] });
    return write(`${base}statements`, "POST", waiting, { keepalive: true }).catch(() => undefined);
  }

  say("initialized", { categories: [CMI5] });
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  addEventListener("online", () => !ended && send());
  await send();
  if (launch.returnURL) {
    const way = document.querySelector("[data-pulang]");
    way.hidden = false;
    way.firstElementChild.addEventListener("click", async (event) => {
      event.preventDefault();
      await sending;
      await leave();
      location.assign(launch.returnURL);
    });
  }
  return {
    load: async () => (told.times && !again ? results.state(told) : undefined),
    save: async (_key, state) => {
      const fresh = results.record(told, state);
      if (!tells) throw new Error("only looked at"); // the page then does not say that anything is saved
      seen(spare, results.written(told));
      if (ended) throw new Error("the session is over");
      fresh.forEach(answered);
      judge();
      last = performance.now();
      if (!(await send())) throw new Error("not saved");
    },
  };
}

const store = await begin();

export const load = store.load;
export const save = store.save;
