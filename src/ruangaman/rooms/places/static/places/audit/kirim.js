// Sending: photos first, then answers, the end last. Each by an id of its own, so that what broke off is sent again and
// counts once. Nothing leaves this phone's store before the house said that it has it.

import * as simpanan from "./simpanan.js";

const page = document.getElementById("audit");
export class Stopped extends Error {
  constructor(code, facts = {}) {
    super(code);
    [this.code, this.facts] = [code, facts];
  }
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(page.dataset.akar + path, { credentials: "same-origin", cache: "no-store", redirect: "error", ...options });
  } catch {
    throw new Stopped("offline");
  }
  const json = (answer.headers.get("content-type") ?? "").startsWith("application/json") ? await answer.json().catch(() => ({})) : {};
  if (answer.ok) return json;
  if (answer.status === 401) throw new Stopped("places.sign-in");
  if (answer.status === 404) throw new Stopped("gone");
  throw new Stopped(json.code ?? (answer.status >= 500 ? "offline" : "failed"), json);
}

/** Fetch what this account has to look at; also who it is, and its key. */
export async function refresh() {
  const told = await ask("tugas.json");
  await simpanan.enter(told.user, told.key);
  await simpanan.put("csrf", told.csrf);
  const known = new Map((await simpanan.audits()).map((one) => [one.id, one]));
  for (const one of told.audits) {
    known.delete(one.id);
    await simpanan.keepAudit({ ...one, form: told.forms[one.form] });
  }
  for (const one of known.values()) await over(one.id, "gone");
}

/** An audit that is over here: its drafts can no longer be sent, and are not kept. */
async function over(seat, code) {
  const lost = (await simpanan.drafts(seat)).length + (await simpanan.photos(seat)).length;
  for (const one of await simpanan.drafts(seat)) await simpanan.forgetDraft(seat, one.item);
  for (const one of await simpanan.photos(seat)) await simpanan.forgetPhoto(one.id);
  for (const one of await simpanan.sets(seat)) await simpanan.forgetSet(one.id);
  if (code === "gone") await simpanan.forgetAudit(seat);
  if (lost) throw new Stopped(code);
}

const post = async (path, body, type) => ask(path, { method: "POST", body, headers: { "X-CSRFToken": await simpanan.get("csrf"), ...type } });

async function sendPhotos(audit) {
  for (const one of await simpanan.photos(audit.id)) {
    const form = new FormData();
    form.append("nomor", one.id);
    form.append("butir", one.item);
    form.append("foto", await simpanan.photoBytes(one.id), "foto");
    try {
      await post(`${audit.id}/kirim/foto`, form);
    } catch (error) {
      if (error.code !== "photos.refused" && error.code !== "places.answers-refused") throw error;
      await simpanan.forgetPhoto(one.id);
      throw new Stopped("photo_refused");
    }
    audit.photos.push([one.id, one.item]);
    await simpanan.keepAudit(audit);
    await simpanan.forgetPhoto(one.id);
  }
}

async function sendAnswers(audit, finish) {
  let [set] = await simpanan.sets(audit.id);
  if (!set) {
    const drafts = (await simpanan.drafts(audit.id)).filter((one) => !one.conflict && !one.refused);
    if (!drafts.length && !finish) return;
    set = { id: crypto.randomUUID(), finish, answers: drafts.map(({ item, answer, measure, base, at }) => ({ item, answer, measure, base, at })) };
    await simpanan.keepSet(audit.id, set.id, set);
  }
  const told = { set: set.id, finish: set.finish, answers: set.answers.map(({ item, answer, measure, base }) => ({ item, answer, measure, base })) };
  let reply;
  try {
    reply = await post(`${audit.id}/kirim`, JSON.stringify(told), { "Content-Type": "application/json" });
  } catch (error) {
    if (error.code === "places.answers-refused" && error.facts.item) await refuse(audit.id, error.facts.item);
    if (["places.answers-refused", "places.sending-differs"].includes(error.code)) await simpanan.forgetSet(set.id);
    throw error;
  }
  await settle(audit, set, reply);
}

async function refuse(seat, item) {
  const one = (await simpanan.drafts(seat)).find((draft) => draft.item === item);
  if (one) await simpanan.keepDraft(seat, { ...one, refused: true });
}

/** What the house took leaves the drafts, unless it was changed here since; what differs there is asked again. */
async function settle(audit, set, reply) {
  const here = new Map((await simpanan.drafts(audit.id)).map((one) => [one.item, one]));
  for (const one of set.answers) {
    const draft = here.get(one.item);
    const same = draft && draft.at === one.at;
    if (one.item in reply.accepted) {
      const revision = reply.accepted[one.item];
      audit.answers[one.item] = { answer: one.answer, measure: one.measure, revision };
      if (same) await simpanan.forgetDraft(audit.id, one.item);
      else if (draft) await simpanan.keepDraft(audit.id, { ...draft, base: revision });
    } else if (one.item in reply.conflicts && draft) {
      const there = reply.conflicts[one.item];
      audit.answers[one.item] = there;
      await simpanan.keepDraft(audit.id, { ...draft, base: there.revision, conflict: there });
    }
  }
  if (reply.finished) audit.finished = true;
  await simpanan.keepAudit(audit);
  await simpanan.forgetSet(set.id);
}

/** Send everything of everyone's audits here; throws Stopped with what stopped it. `ended`: the seat to be closed. */
export async function send(ended) {
  await refresh();
  for (const audit of await simpanan.audits()) {
    if (audit.finished) {
      await over(audit.id, "places.audit-finished");
      continue;
    }
    const finish = audit.id === ended;
    try {
      await sendPhotos(audit);
      if ((await simpanan.sets(audit.id)).length) await sendAnswers(audit, false);
      if (!audit.finished) await sendAnswers(audit, finish);
    } catch (error) {
      if (error.code === "places.audit-finished" || error.code === "gone") await over(audit.id, error.code);
      throw error;
    }
  }
}
