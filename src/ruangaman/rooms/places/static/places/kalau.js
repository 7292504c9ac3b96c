// What a choice of actions serves, summed while one ticks: the same sums as rooms/places/plan_sums.py, without a server.

/** Rupiah; children newly served: expected, at least, at most. `ticked` are places in `data.actions`. */
export function sums(data, ticked) {
  const there = new Set(ticked);
  const served = new Map();
  for (const one of data.whatif.sets) {
    if (!one.actions.every((action) => there.has(action))) continue;
    for (const group of one.groups) served.set(group, Math.max(served.get(group) ?? 0, one.share));
  }
  let [children, low, high] = [0, 0, 0];
  for (const group of [...served.keys()].sort((a, b) => a - b)) {
    const [its] = data.whatif.groups[group];
    const share = served.get(group);
    children += its * share;
    if (share >= 1) low += its;
    high += its;
  }
  let cost = 0;
  for (const action of [...there].sort((a, b) => a - b)) cost += data.actions[action].cost;
  return { cost, children, low: low * (1 - data.error), high: high * (1 + data.error) };
}

/** How a count is told: whole, and few children as fewer than the least count. */
export function told(count, least, words) {
  const whole = Math.round(count);
  if (whole <= 0) return "0";
  return whole < least ? words.few.replace("%s", least) : whole.toLocaleString(words.language);
}

/** Rupiah in millions, as the page tells them. */
export function rupiah(cost, words) {
  const millions = Math.round(cost / 1e5) / 10;
  return words.rupiah.replace("%s", millions.toLocaleString(words.language, { maximumFractionDigits: 1 }));
}

function listen(form) {
  const words = JSON.parse(document.getElementById("kata-kalau").textContent);
  const answer = document.getElementById("kalau-jawab");
  const money = document.getElementById("kalau-biaya");
  fetch(form.dataset.data)
    .then((reply) => (reply.ok ? reply.json() : Promise.reject(new Error(String(reply.status)))))
    .then((data) => {
      const number = new Map(data.actions.map((one, at) => [one.id, at]));
      const show = () => {
        const boxes = [...form.querySelectorAll("input[name=a]:checked")].map((box) => box.value);
        const ids = boxes.flatMap((id) => (id === "sisa" ? data.rest : [id]));
        const found = sums(data, ids.map((id) => number.get(id)).filter((at) => at !== undefined));
        const say = (count) => told(count, data.least_count, words);
        const sentence = found.high > found.low ? words.between : words.sure;
        answer.textContent = sentence
          .replace("{children}", say(found.children))
          .replace("{low}", say(found.low))
          .replace("{high}", say(found.high));
        const over = found.cost > words.budget * (1 + 1e-9);
        money.textContent = (over ? words.over : words.cost).replace("{cost}", rupiah(found.cost, words));
      };
      form.addEventListener("change", show);
      form.querySelector("button").remove(); // ticking answers by itself now
      show();
    })
    .catch(() => {}); // without an answer the button stays, and the server sums
}

if (typeof document !== "undefined") {
  const form = document.getElementById("kalau");
  if (form) listen(form);
}
