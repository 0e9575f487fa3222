"use strict";
(function () {
  // All text enters the page through textContent; the data is JSON, never markup.
  const D = JSON.parse(document.getElementById("data").textContent);
  const NS = "http://www.w3.org/2000/svg", DAY = 86400000, PAGE = 50;
  const $ = id => document.getElementById(id);
  const SIGN = ["neutral", "cooperation", "cooperation", "conflict", "conflict"];
  const VAR = { cooperation: "var(--coop)", conflict: "var(--conf)", neutral: "var(--neut)" };
  const DASH = { cooperation: "", conflict: "5 3", neutral: "1.5 3" };
  let shown = PAGE, edge = null;

  function el(name, attrs, parent, text) {
    const svg = ["svg", "g", "path", "rect", "circle", "line", "text", "title", "polygon"].includes(name);
    const node = svg ? document.createElementNS(NS, name) : document.createElement(name);
    for (const key in attrs || {}) if (attrs[key] !== null) node.setAttribute(key, attrs[key]);
    if (text !== undefined) node.textContent = text;
    if (parent) parent.appendChild(node);
    return node;
  }
  const time = iso => iso ? Date.parse(iso + "T12:00:00Z") : null;
  const names = list => list.length ? list.map(i => D.actors[i].name).join(", ") : "not named";

  function matches(e) {
    const actor = $("actor").value, from = time($("from").value), to = time($("to").value);
    const all = e.src.concat(e.tgt);
    if (actor !== "" && !all.includes(+actor)) return false;
    if (edge && !(e.src.includes(edge[0]) && e.tgt.includes(edge[1]) && SIGN[e.quad] === edge[2])) return false;
    if ((from !== null || to !== null) && e.start === null) return false;
    if (from !== null && time(e.end) < from) return false;
    if (to !== null && time(e.start) > to) return false;
    if ($("kind").value && SIGN[e.quad] !== $("kind").value) return false;
    const words = $("words").value.trim().toLowerCase();
    return !words || e.search.includes(words);
  }

  function glyph(parent, quad, x, y, r, id, title, faded) {
    const hollow = quad === 0 || quad === 1 || quad === 3, colour = VAR[SIGN[quad]];
    const a = { "data-go": id, fill: hollow ? "var(--bg)" : colour, stroke: colour, "stroke-width": hollow ? 2 : 0, opacity: faded ? 0.45 : 1 };
    let node;
    if (SIGN[quad] === "conflict") node = el("polygon", Object.assign(a, { points: `${x},${y - r - 1} ${x + r + 1},${y} ${x},${y + r + 1} ${x - r - 1},${y}` }), parent);
    else if (SIGN[quad] === "neutral") node = el("rect", Object.assign(a, { x: x - r, y: y - r, width: 2 * r, height: 2 * r }), parent);
    else node = el("circle", Object.assign(a, { cx: x, cy: y, r: r }), parent);
    el("title", {}, node, title);
  }

  function drawTimeline(events) {
    const box = $("timeline"); box.textContent = "";
    if (!events.length) { el("p", { class: "muted" }, box, "No events match these filters."); return; }
    const count = new Map();
    events.forEach(e => new Set(e.src.concat(e.tgt)).forEach(i => count.set(i, (count.get(i) || 0) + 1)));
    const lanes = [...count].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 14).map(x => x[0]);
    const row = new Map(lanes.map((id, i) => [id, i]));
    const labels = lanes.map(i => D.actors[i].name);
    if (events.some(e => e.src.concat(e.tgt).some(i => !row.has(i)))) labels.push("Other actors");
    const other = lanes.length;
    let unnamed = -1;
    if (events.some(e => !e.src.length && !e.tgt.length)) { unnamed = labels.length; labels.push("Nobody named"); }
    const L = 190, W = 1120, H = 30, top = 8, tray = events.some(e => !e.start) ? 70 : 0;
    const dated = events.filter(e => e.start);
    const lo = Math.min(...dated.map(e => time(e.start))) - DAY, hi = Math.max(...dated.map(e => time(e.end))) + DAY;
    const X = t => L + 14 + (W - L - tray - 34) * (hi > lo ? (t - lo) / (hi - lo) : .5);
    const svg = el("svg", { viewBox: `0 0 ${W} ${labels.length * H + top + 30}` }, box);
    labels.forEach((name, i) => {
      if (i % 2 === 0) el("rect", { x: L, y: top + i * H, width: W - L, height: H, fill: "var(--sf)" }, svg);
      el("text", { x: L - 8, y: top + i * H + H / 2 + 4, "text-anchor": "end" }, svg, name.length > 27 ? name.slice(0, 26) + "…" : name);
    });
    if (dated.length) {
      const months = (hi - lo) / DAY / 30.4, step = Math.max(1, Math.ceil(months / 9));
      const d = new Date(lo); d.setUTCDate(1); d.setUTCMonth(d.getUTCMonth() + 1);
      for (let n = 0; n < 14; n++, d.setUTCMonth(d.getUTCMonth() + step)) {
        if (d.getTime() > hi) break;
        el("line", { x1: X(d), x2: X(d), y1: top, y2: top + labels.length * H, stroke: "var(--gr)" }, svg);
        el("text", { class: "axis", x: X(d), y: top + labels.length * H + 18, "text-anchor": "middle" }, svg, d.toISOString().slice(0, 7));
      }
      if (months < 1.2) [lo + DAY, hi - DAY].forEach((t, i) => el("text", { class: "axis", x: X(t), y: top + labels.length * H + 18, "text-anchor": i ? "end" : "start" }, svg, new Date(t).toISOString().slice(0, 10)));
    }
    if (tray) el("text", { class: "axis", x: W - tray / 2, y: top + labels.length * H + 18, "text-anchor": "middle" }, svg, "undated");
    const used = new Map(); let waiting = 0;
    events.forEach(e => {
      const rows = side => [...new Set(side.map(i => row.has(i) ? row.get(i) : other))];
      const named = e.src.length + e.tgt.length > 0, s = named ? rows(e.src) : [unnamed], t = rows(e.tgt), all = s.concat(t);
      const x = e.start ? X((time(e.start) + time(e.end)) / 2) : W - tray + 8 + (waiting++ * 9) % (tray - 14);
      const slot = `${Math.min(...all)}|${Math.round(x / 8)}`, n = used.get(slot) || 0; used.set(slot, n + 1);
      const off = ((n + 1) >> 1) * (n % 2 ? 1 : -1) * 3.2 % 13, y = r => top + r * H + H / 2 + off;
      const colour = VAR[SIGN[e.quad]];
      if (Math.max(...all) > Math.min(...all)) el("line", { x1: x, x2: x, y1: y(Math.min(...all)), y2: y(Math.max(...all)), stroke: colour, "stroke-width": 1.3, "stroke-dasharray": DASH[SIGN[e.quad]], opacity: .75 }, svg);
      // From a source that is not named a short stroke comes in from above.
      if (!s.length) t.forEach(r => el("line", { x1: x, x2: x, y1: y(r) - 12, y2: y(r), stroke: colour, "stroke-width": 1.3 }, svg));
      if (e.start && e.end !== e.start) {
        const a = X(time(e.start)), b = X(time(e.end)), h = y(all[0]);
        el("path", { d: `M${a} ${h}H${b}` + (e.exact ? "" : `M${a} ${h - 4}v8M${b} ${h - 4}v8`), stroke: colour, "stroke-width": e.exact ? 7 : 1.4, opacity: .45, fill: "none" }, svg);
      }
      t.filter(r => !s.includes(r)).forEach(r => { const up = s.length && r < s[0] ? 1 : -1; el("polygon", { "data-go": e.id, points: `${x - 4},${y(r) + 5 * up} ${x + 4},${y(r) + 5 * up} ${x},${y(r) - 3 * up}`, fill: colour }, svg); });
      (s.length ? s.map(y) : t.map(r => y(r) - 12)).forEach(h => glyph(svg, e.quad, x, h, Math.min(9, 4 + Math.log2(1 + e.reports.length)), e.id, `${e.title}\n${e.when}`, e.realis !== D.actual));
    });
  }

  function drawNetwork(events) {
    const box = $("network"); box.textContent = "";
    const weight = new Map(), act = new Map();
    events.forEach(e => e.src.forEach(s => e.tgt.forEach(t => {
      if (s === t) return;
      const key = `${s}|${t}|${SIGN[e.quad]}`; weight.set(key, (weight.get(key) || 0) + 1);
      act.set(s, (act.get(s) || 0) + 1); act.set(t, (act.get(t) || 0) + 1);
    })));
    if (!weight.size) { el("p", { class: "muted" }, box, "No actor acts on another in these events."); return; }
    const W = 1120, H = 620, svg = el("svg", { viewBox: `0 0 ${W} ${H}` }, box);
    const P = i => [90 + D.actors[i].x * (W - 180), 30 + D.actors[i].y * (H - 80)];
    const top = Math.max(...act.values()), R = i => 5 + 17 * Math.sqrt(act.get(i) / top);
    const BOW = { cooperation: .10, neutral: .18, conflict: .26 };
    [...weight].sort((a, b) => b[1] - a[1]).slice(0, 400).forEach(([key, n]) => {
      const [s, t, sign] = key.split("|"), [x0, y0] = P(+s), [x1, y1] = P(+t);
      const cx = (x0 + x1) / 2 + (y1 - y0) * BOW[sign], cy = (y0 + y1) / 2 - (x1 - x0) * BOW[sign];
      const len = Math.hypot(x1 - cx, y1 - cy) || 1, r = R(+t) + 3, ex = x1 - (x1 - cx) / len * r, ey = y1 - (y1 - cy) / len * r;
      const w = Math.min(7, .7 + Math.log2(1 + n)), a = Math.atan2(y1 - cy, x1 - cx), h = 6 + w / 2;
      const path = el("path", { d: `M${x0} ${y0}Q${cx} ${cy} ${ex} ${ey}`, fill: "none", stroke: VAR[sign], "stroke-width": w, "stroke-dasharray": DASH[sign], opacity: .7, "data-go": "edge:" + key }, svg);
      el("title", {}, path, `${D.actors[s].name} → ${D.actors[t].name}\n${sign}: ${n} events`);
      el("polygon", { points: [[0, 0], [-h, h / 2], [-h, -h / 2]].map(([u, v]) => `${ex + u * Math.cos(a) - v * Math.sin(a)},${ey + u * Math.sin(a) + v * Math.cos(a)}`).join(" "), fill: VAR[sign] }, svg);
    });
    const big = [...act].sort((a, b) => b[1] - a[1]).slice(0, 40).map(x => x[0]);
    [...act.keys()].forEach(i => {
      const [x, y] = P(i), node = el("circle", { cx: x, cy: y, r: R(i), fill: "var(--node)", stroke: "var(--bg)", "stroke-width": 1.5, "data-go": "actor:" + i }, svg);
      el("title", {}, node, `${D.actors[i].name}: ${act.get(i)} events`);
      if (big.includes(i)) el("text", { x: x, y: y + R(i) + 13, "text-anchor": "middle", stroke: "var(--bg)", "stroke-width": 3, "paint-order": "stroke" }, svg, D.actors[i].name.slice(0, 30));
    });
  }

  function drawList(events) {
    const box = $("list"); box.textContent = "";
    events.slice(0, shown).forEach(e => {
      const art = el("article", { id: "e-" + e.id }, box);
      el("h3", { dir: "auto" }, art, e.title);
      [e.when, D.quads[e.quad], D.realis[e.realis], `${e.reports.length} report${e.reports.length === 1 ? "" : "s"}`].concat(e.differences).forEach(t => el("span", { class: "badge" }, art, t));
      e.reports.forEach(r => {
        el("p", { class: "who", dir: "auto" }, art, r.who);
        const q = el("blockquote", { dir: "auto" }, art);
        r.words.forEach(([text, kind]) => kind ? el("mark", { class: kind, title: kind }, q, text) : q.appendChild(document.createTextNode(text)));
        el("p", { class: "fine", dir: "auto" }, art, r.date);
        const p = el("p", { class: "fine", dir: "auto" }, art, r.article);
        if (r.url) { p.appendChild(document.createTextNode(" · ")); el("a", { href: r.url, rel: "noopener noreferrer nofollow", target: "_blank" }, p, "open the article"); }
      });
    });
    $("more").hidden = events.length <= shown;
  }

  function draw() {
    const events = D.events.filter(matches);
    $("summary").textContent = `${events.length} of ${D.events.length} events` + (edge ? ` · ${names([edge[0]])} → ${names([edge[1]])}, ${edge[2]}` : "");
    drawTimeline(events); drawNetwork(events); drawList(events);
    return events;
  }
  function go(target) {
    if (target.startsWith("actor:")) { $("actor").value = target.slice(6); edge = null; draw(); return; }
    if (target.startsWith("edge:")) { const p = target.slice(5).split("|"); edge = [+p[0], +p[1], p[2]]; draw(); return; }
    const at = D.events.filter(matches).findIndex(e => e.id === target);
    if (at >= shown) { shown = at + 1; draw(); }
    document.querySelectorAll("article.on").forEach(a => a.classList.remove("on"));
    const art = document.getElementById("e-" + target);
    if (art) { art.classList.add("on"); art.scrollIntoView({ block: "center" }); }
  }

  D.actors.map((a, i) => [a.name, i]).sort((a, b) => a[0].localeCompare(b[0])).forEach(([name, i]) => el("option", { value: i }, $("actor"), name));
  D.provenance.forEach(([k, v]) => { el("dt", {}, $("provenance"), k); el("dd", { dir: "auto" }, $("provenance"), v); });
  ["actor", "from", "to", "kind", "words"].forEach(id => $(id).addEventListener("input", () => { shown = PAGE; edge = null; draw(); }));
  $("clear").addEventListener("click", () => { ["actor", "from", "to", "kind", "words"].forEach(id => { $(id).value = ""; }); edge = null; shown = PAGE; draw(); });
  $("more").addEventListener("click", () => { shown += PAGE; drawList(D.events.filter(matches)); });
  document.addEventListener("click", event => { const t = event.target.closest("[data-go]"); if (t) go(t.getAttribute("data-go")); });
  draw();
})();
