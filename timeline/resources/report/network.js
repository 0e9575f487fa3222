// The network: who acts on whom, how often and in which spirit. Places are fixed: filters move nobody.
const net = { nodes: new Map(), order: [], at: null, drawing: null };

function countPairs(events) {
  const pairs = new Map(),
    active = new Map();
  events.forEach((e) => {
    e.all.forEach((i) => active.set(i, (active.get(i) || 0) + 1));
    e.src.forEach((s) =>
      e.tgt.forEach((t) => {
        if (s === t) return;
        const key = `${s}|${t}|${e.sign}`;
        pairs.set(key, (pairs.get(key) || 0) + 1);
      }),
    );
  });
  return {
    pairs: [...pairs]
      .map(([key, n]) => {
        const [s, t, sign] = key.split("|");
        return { key, s: +s, t: +t, sign, n };
      })
      .sort((a, b) => b.n - a.n || (a.key < b.key ? -1 : 1)),
    active,
  };
}

function drawNetwork() {
  const box = $("network"),
    { pairs, active } = countPairs(state.found),
    least = +$("least").value;
  clear(box);
  net.nodes.clear();
  net.drawing = null;
  const linked = new Set(pairs.flatMap((p) => [p.s, p.t]));
  const wanted = (i) => state.actors.includes(i) || (state.pick && state.pick.actor === i);
  net.order = [...active.keys()]
    .filter((i) => linked.has(i))
    .sort((a, b) => wanted(b) - wanted(a) || active.get(b) - active.get(a) || a - b)
    .slice(0, +$("nodes").value);
  const kept = new Set(net.order),
    shown = pairs.filter((p) => p.n >= least && kept.has(p.s) && kept.has(p.t)).slice(0, 500);
  const ends = new Set(shown.flatMap((p) => [p.s, p.t]));
  net.order = net.order.filter((i) => ends.has(i));
  $("n-note").textContent =
    `${plural(net.order.length, "actor")} of ${linked.size}, ${plural(shown.length, "edge")} of ${pairs.length}. Size: number of events; width: events of the pair; colours as above.`;
  listPairs(pairs);
  if (!shown.length) {
    el("p", { class: "empty" }, box, "No actor acts on another in these events.");
    return;
  }
  const width = Math.max(420, box.clientWidth),
    height = Math.round(Math.min(680, Math.max(380, width * 0.62)));
  const svg = el("svg", { viewBox: `0 0 ${width} ${height}` }, box);
  const P = (i) => [64 + D.actors[i].x * (width - 128), 30 + D.actors[i].y * (height - 72)];
  const most = Math.max(...net.order.map((i) => active.get(i))),
    R = (i) => 5 + 15 * Math.sqrt(active.get(i) / most);
  const edges = el("g", {}, svg),
    nodes = el("g", {}, svg);
  shown
    .slice()
    .reverse()
    .forEach((p) => drawEdge(edges, p, P, R));
  net.order.forEach((i) => {
    const [x, y] = P(i),
      group = el("g", { class: "node", "data-actor": i }, nodes);
    el("circle", { class: "ring", cx: x, cy: y, r: R(i) + 5 }, group);
    el("circle", { cx: x, cy: y, r: R(i), fill: "var(--node)", stroke: "var(--bg)", "stroke-width": 2 }, group);
    setTip(group, `${inLine(i)}\n${plural(active.get(i), "event")}; click to pick it`);
    net.nodes.set(i, group);
  });
  net.drawing = { names: el("g", {}, svg), P, R, width, height };
  nameNodes(null);
}

function drawEdge(parent, p, P, R) {
  const [x0, y0] = P(p.s),
    [x1, y1] = P(p.t),
    bow = { cooperation: 0.1, neutral: 0.17, conflict: 0.24 }[p.sign];
  const cx = (x0 + x1) / 2 + (y1 - y0) * bow,
    cy = (y0 + y1) / 2 - (x1 - x0) * bow;
  const long = Math.hypot(x1 - cx, y1 - cy) || 1,
    w = Math.min(7, 0.8 + 1.1 * Math.log2(p.n)),
    h = 6.5 + w * 0.6;
  const tip = R(p.t) + 2,
    ux = (x1 - cx) / long,
    uy = (y1 - cy) / long,
    ex = x1 - ux * tip,
    ey = y1 - uy * tip,
    bx = ex - ux * h,
    by = ey - uy * h;
  const group = el("g", { class: "edge", "data-edge": p.key, opacity: 0.72 }, parent),
    d = `M${x0} ${y0}Q${cx} ${cy} ${bx} ${by}`;
  el("path", { d, class: "hit" }, group);
  el("path", { d, fill: "none", stroke: COLOUR[p.sign], "stroke-width": w, "stroke-dasharray": DASH[p.sign] }, group);
  el(
    "polygon",
    {
      points: `${ex},${ey} ${bx - uy * h * 0.5},${by + ux * h * 0.5} ${bx + uy * h * 0.5},${by - ux * h * 0.5}`,
      fill: COLOUR[p.sign],
    },
    group,
  );
  setTip(group, `${inLine(p.s)} → ${inLine(p.t)}\n${p.sign}: ${plural(p.n, "event")}; click to pick it`);
}

// Names below, above or beside their nodes, those of `first` before all others; who finds no room goes without.
function nameNodes(first) {
  const { names, P, R, width, height } = net.drawing;
  clear(names);
  const taken = net.order.map((i) => {
    const [x, y] = P(i);
    return { i, l: x - R(i), r: x + R(i), t: y - R(i), b: y + R(i) };
  });
  net.order
    .slice()
    .sort((a, b) => (first ? first.has(b) - first.has(a) : 0))
    .forEach((i) => {
      if (first && !first.has(i)) return;
      const [x, y] = P(i),
        text = cut(nameOf(i), 24),
        w = text.length * (first ? 7.2 : 6.7) + 4;
      const spots = [
        [x - w / 2, y + R(i) + 3, "middle"],
        [x - w / 2, y - R(i) - 17, "middle"],
        [x + R(i) + 4, y - 7, "start"],
        [x - R(i) - 4 - w, y - 7, "end"],
      ];
      const spot = spots.find(
        ([l, t]) =>
          l > 2 &&
          l + w < width - 2 &&
          t > 0 &&
          t + 14 < height &&
          !taken.some((o) => o.i !== i && l < o.r && o.l < l + w && t < o.b && o.t < t + 14),
      );
      if (!spot) return;
      const [l, t, anchor] = spot;
      taken.push({ l, r: l + w, t, b: t + 14 });
      el(
        "text",
        {
          class: first ? "name halo on" : "name halo",
          x: { middle: l + w / 2, start: l, end: l + w }[anchor],
          y: t + 12,
          "text-anchor": anchor,
          "data-name": i,
        },
        names,
        text,
      );
    });
}

function listPairs(pairs) {
  const box = $("pairs");
  clear(box);
  const table = el("table", {}, box),
    head = el("tr", {}, el("thead", {}, table)),
    body = el("tbody", {}, table);
  ["Who", "on whom", "kind"].forEach((name) => el("th", { scope: "col" }, head, name));
  el("th", { class: "n", scope: "col" }, head, "events");
  pairs.slice(0, 60).forEach((p) => {
    const row = el("tr", {}, body),
      cell = el("td", { dir: "auto" }, row);
    el("button", { type: "button", class: "link", "data-edge": p.key }, cell, nameOf(p.s));
    el("td", { dir: "auto" }, row, nameOf(p.t));
    el("td", { class: p.sign.slice(0, 4) }, row, `${GLYPH[p.sign]} ${p.sign}`);
    el("td", { class: "n" }, row, p.n);
  });
  if (pairs.length > 60) el("p", { class: "hint" }, box, `and ${pairs.length - 60} more`);
}

function listenToNetwork() {
  $("network").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" && net.at !== null) pick({ actor: net.at });
    else if (step && net.order.length) {
      net.at = net.order[(net.order.indexOf(net.at) + step + net.order.length) % net.order.length];
      net.nodes.forEach((group, i) => group.classList.toggle("cursor", i === net.at));
      const { pairs, active } = countPairs(state.found);
      const acts = pairs
        .filter((p) => p.s === net.at)
        .slice(0, 3)
        .map((p) => `${p.sign} towards ${inLine(p.t)}, ${p.n}`);
      $("live").textContent = `${inLine(net.at)}, ${plural(active.get(net.at), "event")}. ${acts.join("; ")}`;
    } else return;
    event.preventDefault();
  });
}
