// When something learned is looked at again, in whole days of this device. The plain truth beside it is
// core/learning/reviewing.py; a test compares both. Nothing reminds anybody: a page says it to whoever opens it.

export const DAYS = [2, 7, 28, 90];

/** This device's day, as "2026-11-30". */
export function today(now = new Date()) {
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** A day some days after another one. */
export function after(day, days) {
  const moment = new Date(`${day}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}

/** A day as the page's language writes it: "2 Desember 2026". */
export function told(day, language = document.documentElement.lang) {
  return new Date(`${day}T12:00:00`).toLocaleDateString(language === "en" ? "en-GB" : language, { dateStyle: "long" });
}

/** The day of the next review, or nothing after the last. `seen`: how many were done. */
export const next = (learned, seen) => (seen < DAYS.length ? after(learned, DAYS[seen]) : undefined);

/** Whether the next review is due. */
export function due(learned, seen, day) {
  const on = next(learned, seen);
  return on !== undefined && day >= on;
}
