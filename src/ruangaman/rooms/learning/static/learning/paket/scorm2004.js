// The words of SCORM 2004, 4th edition (ADL, 2009; IEEE 1484.11.2): completion apart from success, spans as ISO 8601.

import { attach } from "./scorm.js";

const MOST_DESCRIPTION = 250;
// The zone may stand only after fractions of a second (RTE 4.1.1.7).
const instant = () => `${new Date().toISOString().slice(0, 22)}Z`;
const four = (share) => Math.round(share * 1e4) / 1e4;
const span = (seconds) => `PT${Math.floor(seconds / 3600)}H${Math.floor((seconds % 3600) / 60)}M${(seconds % 60).toFixed(2)}S`;

const told = await attach({
  api: "API_1484_11",
  initialize: "Initialize",
  get: "GetValue",
  set: "SetValue",
  commit: "Commit",
  finish: "Terminate",
  learner: "cmi.learner_id",
  mode: "cmi.mode",
  memory: "cmi.suspend_data",
  exit: "cmi.exit",
  time: "cmi.session_time",
  over: "normal",
  duration: span,
  begun: (set) => set("cmi.completion_status", "incomplete"),
  answered(set, at, item, option, took) {
    set(`${at}.id`, item.id);
    set(`${at}.type`, "choice");
    set(`${at}.timestamp`, instant());
    set(`${at}.correct_responses.0.pattern`, item.options[item.right]);
    set(`${at}.learner_response`, item.options[option]);
    set(`${at}.result`, option === item.right ? "correct" : "incorrect");
    set(`${at}.latency`, span(took));
    set(`${at}.description`, item.stem.slice(0, MOST_DESCRIPTION));
  },
  stands(set, told, results) {
    const share = results.score(told);
    const passed = results.passed(told);
    if (share !== undefined) {
      set("cmi.score.min", 0);
      set("cmi.score.max", 100);
      set("cmi.score.raw", four(share * 100));
      set("cmi.score.scaled", four(share));
    }
    set("cmi.location", told.at);
    set("cmi.progress_measure", four(results.progress(told)));
    set("cmi.completion_status", told.done ? "completed" : "incomplete");
    if (told.done && passed !== undefined) set("cmi.success_status", passed ? "passed" : "failed");
  },
});

export const load = told.load;
export const save = told.save;
