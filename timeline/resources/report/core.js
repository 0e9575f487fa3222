// What all parts share. All text enters the page through textContent; the data is JSON, never markup.
const D = JSON.parse(document.getElementById("data").textContent);
const DAY = 86400000,
  NS = "http://www.w3.org/2000/svg";
const SVG = new Set(["svg", "g", "path", "rect", "circle", "line", "text", "title", "polygon"]);
const SIGN = ["neutral", "cooperation", "cooperation", "conflict", "conflict"];
const SIGNS = ["cooperation", "neutral", "conflict"];
const COLOUR = { cooperation: "var(--coop)", conflict: "var(--conf)", neutral: "var(--neut)" };
const DASH = { cooperation: null, conflict: "5 3", neutral: "1.5 3" };
const GLYPH = { cooperation: "●", conflict: "◆", neutral: "□" };
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const $ = (id) => document.getElementById(id);

function el(name, attrs, parent, text) {
  const node = SVG.has(name) ? document.createElementNS(NS, name) : document.createElement(name);
  for (const key in attrs || {})
    if (attrs[key] !== null && attrs[key] !== undefined) node.setAttribute(key, attrs[key]);
  if (text !== undefined) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
}
const clear = (node) => {
  while (node.firstChild) node.removeChild(node.firstChild);
};
const noon = (iso) => (iso ? Date.parse(iso + "T12:00:00Z") : null);
const iso = (time) => new Date(time).toISOString().slice(0, 10);
const sayDay = (time) => {
  const d = new Date(time);
  return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}`;
};
const plural = (n, noun) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
const cut = (text, most) => ([...text].length > most ? [...text].slice(0, most - 1).join("") + "…" : text);
const actorsOf = (e) => e.all;
const nameOf = (i) => D.actors[i].name;
// Names in a line of ours, between marks that keep one written from right to left from turning the line around.
const inLine = (i) => `\u200e${nameOf(i)}\u200e`;

// Events as the page needs them: times in milliseconds, both sides together, words to search in.
D.events.forEach((e, i) => {
  e.i = i;
  e.sign = SIGN[e.quad];
  e.t0 = noon(e.first);
  e.t1 = noon(e.last);
  e.mid = e.t0 === null ? null : (e.t0 + e.t1) / 2;
  e.all = [...new Set(e.src.concat(e.tgt))];
  const words = e.reports.map(
    (r) =>
      r.words.map((w) => w[0]).join("") +
      " " +
      r.who +
      " " +
      D.sources[r.source].title +
      " " +
      D.sources[r.source].publisher,
  );
  e.search = [e.title, e.place, ...words].join(" ").toLowerCase();
});
const dated = D.events.filter((e) => e.t0 !== null);
const LOW = dated.length ? Math.min(...dated.map((e) => e.t0)) - DAY : 0;
const HIGH = dated.length ? Math.max(...dated.map((e) => e.t1)) + DAY : DAY;

// One mark: filled for material acts, hollow for verbal ones; its form tells the sign without colour.
function glyph(parent, e, x, y, r) {
  const hollow = e.quad === 0 || e.quad === 1 || e.quad === 3;
  const look = {
    fill: hollow ? "var(--bg)" : COLOUR[e.sign],
    stroke: COLOUR[e.sign],
    "stroke-width": hollow ? 2 : 1,
    opacity: e.realis === "actual" ? 1 : 0.5,
  };
  if (e.sign === "conflict")
    el(
      "polygon",
      { ...look, points: `${x},${y - r - 1} ${x + r + 1},${y} ${x},${y + r + 1} ${x - r - 1},${y}` },
      parent,
    );
  else if (e.sign === "neutral")
    el("rect", { ...look, x: x - r + 1, y: y - r + 1, width: 2 * r - 2, height: 2 * r - 2 }, parent);
  else el("circle", { ...look, cx: x, cy: y, r: r }, parent);
}

// Ticks of a time axis, at least `room` pixels apart: [time, label].
function ticks(low, high, width, room) {
  const days = (((high - low) / DAY) * room) / width,
    found = [];
  const start = new Date(low);
  if (days <= 14) {
    const step = [1, 2, 7, 14].find((n) => n >= days);
    for (let t = Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()) + DAY; t < high; t += DAY)
      if (Math.round(t / DAY) % step === 0)
        found.push([
          t,
          `${new Date(t).getUTCDate()} ${MONTHS[new Date(t).getUTCMonth()]}`,
          new Date(t).getUTCFullYear(),
        ]);
    return found.map(([t, label, year], i) => [t, i === 0 || year !== found[i - 1][2] ? `${label} ${year}` : label]);
  }
  const months = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000].find((n) => n * 30.4 >= days) || 12000;
  for (let m = start.getUTCFullYear() * 12 + start.getUTCMonth() + 1; m < 120000; m++) {
    const t = new Date(0).setUTCFullYear(Math.floor(m / 12), m % 12, 1);
    if (t > high) break;
    if (m % months === 0)
      found.push([t, months >= 12 ? `${Math.floor(m / 12)}` : `${MONTHS[m % 12]} ${Math.floor(m / 12)}`]);
  }
  return found;
}

// A tooltip for whatever carries words in `tips`.
const tips = new WeakMap();
function showTip(event) {
  const node = event.target.closest && event.target.closest("[data-tip]");
  const tip = $("tip");
  tip.hidden = !node;
  if (!node) return;
  tip.textContent = tips.get(node);
  const box = tip.getBoundingClientRect();
  tip.style.left = Math.max(8, Math.min(event.clientX + 14, innerWidth - box.width - 12)) + "px";
  tip.style.top =
    (event.clientY + 18 + box.height > innerHeight ? event.clientY - box.height - 12 : event.clientY + 18) + "px";
}
function setTip(node, words) {
  node.setAttribute("data-tip", "");
  tips.set(node, words);
}
document.addEventListener("pointermove", showTip);
document.addEventListener(
  "scroll",
  () => {
    $("tip").hidden = true;
  },
  true,
);
