// Listens between a lesson and the learning system, and writes down every call that the standards do not allow:
// the order of calls, names, enumerations, lengths and forms, gaps among interactions, a set that nobody commits.
// Limits: SCORM 1.2 Run-Time Environment (October 2001) 3.4; SCORM 2004 4th edition RTE 4.1 and 4.2.

const number = (least, most) => (text) => /^-?\d+(\.\d{1,7})?$/.test(text) && Number(text) >= least && Number(text) <= most;
const one = (...words) => (text) => words.includes(text);
const most = (length) => (text) => text.length <= length;
const like = (pattern) => (text) => pattern.test(text);

const TIME = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,2})?$/;
const SPAN = /^\d{2,4}:[0-5]\d:[0-5]\d(\.\d{1,2})?$/;
const ISO_SPAN = /^PT\d+H\d{1,2}M\d{1,2}(\.\d{1,2})?S$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,2}Z$/;

const RULES = {
  12: {
    "cmi.core.lesson_location": most(255),
    "cmi.core.lesson_status": one("passed", "completed", "failed", "incomplete", "browsed"),
    "cmi.core.exit": one("time-out", "suspend", "logout", ""),
    "cmi.core.score.raw": number(0, 100),
    "cmi.core.score.min": number(0, 100),
    "cmi.core.score.max": number(0, 100),
    "cmi.core.session_time": like(SPAN),
    "cmi.suspend_data": most(4096),
    "cmi.interactions.n.id": like(/^[\w.-]{1,255}$/),
    "cmi.interactions.n.type": one("choice"),
    "cmi.interactions.n.time": like(TIME),
    "cmi.interactions.n.correct_responses.0.pattern": like(/^[a-z0-9]$/),
    "cmi.interactions.n.student_response": like(/^[a-z0-9]$/),
    "cmi.interactions.n.result": one("correct", "wrong"),
    "cmi.interactions.n.latency": like(SPAN),
  },
  2004: {
    "cmi.location": most(1000),
    "cmi.completion_status": one("completed", "incomplete", "not attempted", "unknown"),
    "cmi.success_status": one("passed", "failed", "unknown"),
    "cmi.exit": one("time-out", "suspend", "logout", "normal", ""),
    "cmi.score.scaled": number(-1, 1),
    "cmi.score.raw": number(0, 100),
    "cmi.score.min": number(0, 100),
    "cmi.score.max": number(0, 100),
    "cmi.progress_measure": number(0, 1),
    "cmi.session_time": like(ISO_SPAN),
    "cmi.suspend_data": most(64000),
    "cmi.interactions.n.id": like(/^[\w.:-]{1,4000}$/),
    "cmi.interactions.n.type": one("choice"),
    "cmi.interactions.n.timestamp": like(INSTANT),
    "cmi.interactions.n.correct_responses.0.pattern": like(/^[\w.-]{1,250}$/),
    "cmi.interactions.n.learner_response": like(/^[\w.-]{1,250}$/),
    "cmi.interactions.n.result": one("correct", "incorrect"),
    "cmi.interactions.n.latency": like(ISO_SPAN),
    "cmi.interactions.n.description": most(250),
  },
};
const WORDS = {
  12: ["LMSInitialize", "LMSFinish", "LMSGetValue", "LMSSetValue", "LMSCommit", "LMSGetLastError"],
  2004: ["Initialize", "Terminate", "GetValue", "SetValue", "Commit", "GetLastError"],
};

/** An interface of the same words around `inner`; `heard.calls` and `heard.wrong` tell what passed. */
function strict(version, inner, heard) {
  const [initialize, finish, get, set, commit, error] = WORDS[version];
  const rules = RULES[version];
  let state = "before";
  let interactions = 0;
  let open = new Set();
  let first = true;
  const wrong = (what) => heard.wrong.push(what);
  const pass = (name, args) => {
    const answer = inner[name](...args);
    heard.calls.push([name, ...args, answer]);
    if (args.some((arg) => typeof arg !== "string")) wrong(`${name}: an argument that is no string`);
    if (typeof answer !== "string") wrong(`${name}: answered ${typeof answer}`);
    return answer;
  };
  const during = (name) => state === "running" || wrong(`${name} ${state} the session`);
  return {
    [initialize](...args) {
      if (state !== "before" || args.length !== 1 || args[0] !== "") wrong(`${initialize}: ${state}`);
      state = "running";
      const answer = pass(initialize, args);
      interactions = Number(inner[get]("cmi.interactions._count"));
      return answer;
    },
    [get](...args) {
      during(get);
      const answer = pass(get, args);
      // 403: nothing was ever set there, which is no fault of whoever asks (2004, RTE 3.1.7.6).
      if (!["0", "403"].includes(inner[error]())) wrong(`${get} ${args[0]}: ${inner[error]()}`);
      return answer;
    },
    [set](...args) {
      during(set);
      const [name, value] = args;
      const found = /^cmi\.interactions\.(\d+)\./.exec(name);
      if (found) {
        if (Number(found[1]) > interactions) wrong(`${name}: a gap`);
        if (name.endsWith(".id") && Number(found[1]) === interactions) interactions += 1;
      }
      const rule = rules[name.replace(/^cmi\.interactions\.\d+\./, "cmi.interactions.n.")];
      if (!rule) wrong(`${name}: not a name that may be set here`);
      else if (!rule(value)) wrong(`${name}: ${value}`);
      if (first && !/\.exit$/.test(name)) wrong(`${name} before exit`);
      first = false;
      open.add(name);
      const answer = pass(set, args);
      if (answer !== "true" || inner[error]() !== "0") wrong(`${set} ${name}=${value}: ${answer}, ${inner[error]()}`);
      return answer;
    },
    [commit](...args) {
      during(commit);
      open.clear();
      return pass(commit, args);
    },
    [finish](...args) {
      during(finish);
      if (open.size) wrong(`${finish}: never committed ${[...open]}`);
      state = "after";
      return pass(finish, args);
    },
    [error]: () => inner[error](),
  };
}
