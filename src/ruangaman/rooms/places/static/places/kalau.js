// What a choice of actions serves, while one ticks. Planners get the groups of children, and the same sums are made here
// as in rooms/places/plan_sums.py; for all others the house sums.

/** Rupiah; children newly served: expected, at least, at most; `value`, each counted by its weight. `ticked` are places in `data.actions`. */
export function sums(data, ticked) {
  const there = new Set(ticked);
  const served = new Map();
  for (const one of data.whatif.sets) {
    if (!one.actions.every((action) => there.has(action))) continue;
    for (const group of one.groups) served.set(group, Math.max(served.get(group) ?? 0, one.share));
  }
  let [children, low, high, value] = [0, 0, 0, 0];
  for (const group of [...served.keys()].sort((a, b) => a - b)) {
    const [its, weight] = data.whatif.groups[group];
    const share = served.get(group);
    children += its * share;
    value += its * weight * share;
    if (share >= 1) low += its;
    high += its;
  }
  let cost = 0;
  for (const action of [...there].sort((a, b) => a - b)) cost += data.actions[action].cost;
  return { cost, children, low: low * (1 - data.error), high: high * (1 + data.error), value };
}

/** How a count is told: in steps of the least count, as rooms/places/children_told.py does; `way` is nearest, down or up. */
export function told(count, least, words, way = "nearest") {
  if (Math.abs(count) < least * (1 - 1e-9)) return words.few;
  const steps = count / least;
  const whole = { nearest: Math.floor(steps + 0.5 + 1e-9), down: Math.floor(steps + 1e-9), up: Math.ceil(steps - 1e-9) }[way];
  return (least * whole).toLocaleString(words.language);
}

/** Rupiah in millions, as the page tells them. */
export function rupiah(cost, words) {
  const millions = Math.round(cost / 1e5) / 10;
  return words.rupiah.replace("%s", millions.toLocaleString(words.language, { maximumFractionDigits: 1 }));
}

function planning(form, say) {
  const words = JSON.parse(document.getElementById("kata-kalau").textContent);
  return fetch(form.dataset.data)
    .then((reply) => (reply.ok ? reply.json() : Promise.reject(new Error(String(reply.status)))))
    .then((data) => {
      const number = new Map(data.actions.map((one, at) => [one.id, at]));
      return () => {
        const boxes = [...form.querySelectorAll("input[name=a]:checked")].map((box) => box.value);
        const ids = boxes.flatMap((id) => (id === "sisa" ? data.rest : [id]));
        const found = sums(data, ids.map((id) => number.get(id)).filter((at) => at !== undefined));
        const words_of = (count, way) => told(count, data.least_count, words, way);
        const [low, high] = [words_of(found.low, "down"), words_of(found.high, "up")];
        const children = found.cost ? words_of(found.children) : "0"; // nothing chosen serves nobody
        const sentence = low !== high ? words.between : words.sure;
        const over = found.cost > words.budget * (1 + 1e-9);
        say(
          sentence.replace("{children}", children).replace("{low}", low).replace("{high}", high),
          [
            (over ? words.over : words.cost).replace("{cost}", rupiah(found.cost, words)),
            words.weighed.replace("{children}", told(found.value, data.least_count, words)),
          ].join(" ").trim(),
        );
      };
    });
}

function asking(form, say, failed) {
  let [waiting, latest] = [0, 0];
  const ask = () => {
    const query = new URLSearchParams(new FormData(form));
    query.set("hanya", "jawab");
    const mine = ++latest;
    fetch(`${location.pathname}?${query}`, { headers: { Accept: "application/json" } })
      .then((reply) => (reply.ok ? reply.json() : Promise.reject(new Error(String(reply.status)))))
      .then((told) => mine === latest && say(told.answer, told.cost)) // an older choice answers nothing any more
      .catch(failed);
  };
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  };
}

async function listen(form) {
  const answer = document.getElementById("kalau-jawab");
  const money = document.getElementById("kalau-biaya");
  const button = form.querySelector("button");
  const say = (children, cost) => {
    answer.textContent = children;
    money.textContent = cost;
  };
  const house = asking(form, say, () => form.append(button)); // without an answer the button is there again
  const show = form.dataset.data ? await planning(form, say).catch(() => house) : house;
  form.addEventListener("change", show);
  button.remove(); // ticking answers by itself now
  if (form.dataset.data) show();
}

if (typeof document !== "undefined") {
  const form = document.getElementById("kalau");
  if (form) listen(form);
}
