// The words of SCORM 1.2 (ADL, 2001): CMI data model, times of the day, letters for choices.

import { attach, span } from "./scorm.js";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const day = () => new Date().toTimeString().slice(0, 8);

const told = await attach({
  api: "API",
  initialize: "LMSInitialize",
  get: "LMSGetValue",
  set: "LMSSetValue",
  commit: "LMSCommit",
  finish: "LMSFinish",
  learner: "cmi.core.student_id",
  mode: "cmi.core.lesson_mode",
  memory: "cmi.suspend_data",
  exit: "cmi.core.exit",
  time: "cmi.core.session_time",
  over: "",
  duration: (seconds) => span(Math.min(seconds, 9999 * 3600)),
  begun: (set) => set("cmi.core.lesson_status", "incomplete"),
  answered(set, at, item, option, took) {
    set(`${at}.id`, item.id);
    set(`${at}.type`, "choice");
    set(`${at}.time`, day());
    set(`${at}.correct_responses.0.pattern`, LETTERS[item.right]);
    set(`${at}.student_response`, LETTERS[option]);
    set(`${at}.result`, option === item.right ? "correct" : "wrong");
    set(`${at}.latency`, span(took));
  },
  stands(set, told, results) {
    const share = results.score(told);
    const passed = results.passed(told);
    if (share !== undefined) {
      set("cmi.core.score.min", 0);
      set("cmi.core.score.max", 100);
      set("cmi.core.score.raw", Math.round(share * 100));
    }
    set("cmi.core.lesson_location", told.at);
    if (!told.done) set("cmi.core.lesson_status", "incomplete");
    else set("cmi.core.lesson_status", passed === undefined ? "completed" : passed ? "passed" : "failed");
  },
});

export const load = told.load;
export const save = told.save;
