// The overview of the whole time with its brush, and the timeline: a lane for each actor, an event from lane to lane.
const LANE = 34,
  NAMES = 172,
  AXIS = 24,
  SLOTS = [0, 1, -1, 2, -2, 3, -3, 4, -4];
const drawn = { marks: new Map(), order: [] }; // groups of the timeline by event, and events in order of time

function drawOverview() {
  const box = $("overview"),
    width = Math.max(300, box.clientWidth),
    height = 86,
    base = 38;
  clear(box);
  if (!dated.length) {
    el("p", { class: "empty" }, box, "No event here has a date.");
    return;
  }
  const svg = el("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": sayOverview() }, box);
  const X = (t) => 6 + ((width - 12) * (t - LOW)) / (HIGH - LOW),
    bins = Math.max(1, Math.min(Math.floor((width - 12) / 5), Math.ceil((HIGH - LOW) / DAY)));
  const all = count(dated, bins),
    now = count(
      state.found.filter((e) => e.t0 !== null),
      bins,
    ),
    most = Math.max(...all.flat(), 1e-9);
  ticks(LOW, HIGH, width, 84).forEach(([t, label]) => {
    el("line", { x1: X(t), x2: X(t), y1: 2, y2: height - 16, stroke: "var(--gr)" }, svg);
    if (X(t) > 24 && X(t) < width - 28)
      el("text", { class: "axis", x: X(t), y: height - 4, "text-anchor": "middle" }, svg, label);
  });
  [
    [all, 0.22],
    [now, 1],
  ].forEach(([counts, opacity]) =>
    counts.forEach(([up, down, flat], bin) => {
      const x = 6 + ((width - 12) * bin) / bins,
        w = Math.max(1, (width - 12) / bins - 1),
        tall = (n) => (n / most) * 32;
      if (up) el("rect", { x, y: base - tall(up), width: w, height: tall(up), fill: "var(--coop)", opacity }, svg);
      if (down) el("rect", { x, y: base, width: w, height: tall(down), fill: "var(--conf)", opacity }, svg);
      if (flat)
        el(
          "rect",
          {
            x,
            y: base - tall(up) - tall(flat),
            width: w,
            height: tall(flat),
            fill: "var(--neut)",
            opacity: opacity * 0.7,
          },
          svg,
        );
    }),
  );
  el("line", { x1: 6, x2: width - 6, y1: base, y2: base, stroke: "var(--mu)" }, svg);
  const shade = [
    el("rect", { y: 0, height: height - 16, fill: "var(--page)", opacity: 0.72 }, svg),
    el("rect", { y: 0, height: height - 16, fill: "var(--page)", opacity: 0.72 }, svg),
  ];
  const frame = el(
    "rect",
    { y: 0.75, height: height - 17.5, fill: "none", stroke: "var(--ac)", "stroke-width": 1.5, rx: 3 },
    svg,
  );
  const show = (a, b) => {
    const set = (node, x, w) => {
      node.setAttribute("x", x);
      node.setAttribute("width", Math.max(0, w));
    };
    const whole = a === null;
    shade.forEach((node) => node.setAttribute("visibility", whole ? "hidden" : "visible"));
    frame.setAttribute("visibility", whole ? "hidden" : "visible");
    if (!whole) {
      set(shade[0], 0, a);
      set(shade[1], b, width - b);
      set(frame, a, b - a);
    }
  };
  show(state.low === null ? null : X(state.low), X(state.high === null ? HIGH : state.high));
  brush(svg, width, show, (a, b) =>
    setPeriod(LOW + ((a - 6) / (width - 12)) * (HIGH - LOW), LOW + ((b - 6) / (width - 12)) * (HIGH - LOW)),
  );
}

// Events per bin: cooperation, conflict, neutral. An event of several days counts in part on each.
function count(events, bins) {
  const counts = Array.from({ length: bins }, () => [0, 0, 0]),
    at = (t) => Math.min(bins - 1, Math.max(0, Math.floor(((t - LOW) / (HIGH - LOW)) * bins)));
  events.forEach((e) => {
    const a = at(e.t0),
      b = at(e.t1),
      column = e.sign === "cooperation" ? 0 : e.sign === "conflict" ? 1 : 2;
    for (let bin = a; bin <= b; bin++) counts[bin][column] += 1 / (b - a + 1);
  });
  return counts;
}

function sayOverview() {
  const by = (sign) => state.found.filter((e) => e.sign === sign).length;
  return `Events over time from ${sayDay(LOW + DAY)} to ${sayDay(HIGH - DAY)}: ${by("cooperation")} of cooperation, ${by("conflict")} of conflict, ${by("neutral")} neutral. The fields From and To choose a period too.`;
}

// Dragging from a to b in the drawing's own pixels; a click without a drag takes the period off.
function brush(svg, width, show, done) {
  let from = null;
  const at = (event) => {
    const box = svg.getBoundingClientRect();
    return Math.max(6, Math.min(width - 6, ((event.clientX - box.left) / box.width) * width));
  };
  svg.addEventListener("pointerdown", (event) => {
    from = at(event);
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => {
    if (from !== null) show(Math.min(from, at(event)), Math.max(from, at(event)));
  });
  svg.addEventListener("pointerup", (event) => {
    const a = Math.min(from, at(event)),
      b = Math.max(from, at(event));
    from = null;
    if (b - a < 4) setPeriod(null, null);
    else done(a, b);
  });
}

function view() {
  if (state.low !== null || state.high !== null)
    return [state.low === null ? LOW : state.low, state.high === null ? HIGH : state.high];
  return [LOW, HIGH];
}

function drawTimeline() {
  const box = $("timeline"),
    events = state.found;
  clear(box);
  drawn.marks.clear();
  drawn.order = events.slice().sort((a, b) => (a.mid ?? Infinity) - (b.mid ?? Infinity) || a.i - b.i);
  if (!events.length) {
    el("p", { class: "empty" }, box, "No event matches these filters. Take one off above.");
    return;
  }
  const width = Math.max(420, box.clientWidth),
    lanes = chooseLanes(events),
    height = AXIS + lanes.names.length * LANE + 4;
  const tray = events.some((e) => e.t0 === null) ? 64 : 0,
    [low, high] = view(),
    right = width - tray - 10;
  const svg = el("svg", { viewBox: `0 0 ${width} ${height}` }, box);
  const X = (t) => NAMES + 10 + ((right - NAMES - 10) * (t - low)) / (high - low || 1);
  drawLanes(svg, lanes, width, height, tray);
  ticks(low, high, right - NAMES, 88).forEach(([t, label]) => {
    el("line", { x1: X(t), x2: X(t), y1: AXIS - 4, y2: height - 4, stroke: "var(--gr)" }, svg);
    if (X(t) < right - 20) el("text", { class: "axis", x: X(t), y: 13, "text-anchor": "middle" }, svg, label);
  });
  const placed = placeEvents(lanes, X, [NAMES + 6, right], width - tray + 10);
  const strokes = el("g", {}, svg),
    groups = new Map();
  placed.forEach((p) => groups.set(p.e.i, drawEvent(strokes, p, [NAMES + 4, right])));
  drawn.marks = groups;
  nameKeyEvents(svg, placed, lanes, right);
}

// The most active actors get lanes, chosen ones always; all others share one, and so does who is not named.
function chooseLanes(events) {
  const counts = new Map();
  events.forEach((e) => e.all.forEach((i) => counts.set(i, (counts.get(i) || 0) + 1)));
  const wanted = (i) => state.actors.includes(i) || (state.pick && state.pick.actor === i);
  const ranked = [...counts.keys()]
    .sort((a, b) => wanted(b) - wanted(a) || counts.get(b) - counts.get(a) || a - b)
    .slice(0, +$("lanes").value);
  ranked.sort((a, b) => counts.get(b) - counts.get(a) || a - b);
  const row = new Map(ranked.map((id, i) => [id, i])),
    names = ranked.map((i) => [i, nameOf(i), counts.get(i)]);
  const others = [...counts.keys()].filter((i) => !row.has(i));
  if (others.length) {
    others.forEach((i) => row.set(i, names.length));
    names.push([null, `Others (${others.length})`, null]);
  }
  const unnamed = names.length;
  if (events.some((e) => !e.all.length)) names.push([null, "Nobody named", null]);
  return { names, row, unnamed };
}

function drawLanes(svg, lanes, width, height, tray) {
  lanes.names.forEach(([id, name, n], i) => {
    const y = AXIS + i * LANE;
    if (i % 2 === 0) el("rect", { x: 0, y, width, height: LANE, fill: "var(--band)", rx: 4 }, svg);
    const label = el(
      "text",
      {
        x: NAMES - 34,
        y: y + LANE / 2 + 4,
        "text-anchor": "end",
        class: id === null ? "axis" : "lane-name",
      },
      svg,
      name,
    );
    for (let most = 30; label.getComputedTextLength() > NAMES - 36 && most > 4; most--)
      label.textContent = cut(name, most);
    if (id !== null) {
      label.setAttribute("data-actor", id);
      setTip(label, `${name}\n${plural(n, "event")}; click to pick it`);
    }
    if (n !== null) el("text", { class: "axis", x: NAMES - 6, y: y + LANE / 2 + 4, "text-anchor": "end" }, svg, n);
  });
  if (tray) {
    el(
      "line",
      {
        x1: width - tray - 2,
        x2: width - tray - 2,
        y1: AXIS - 4,
        y2: height - 4,
        stroke: "var(--mu)",
        "stroke-dasharray": "2 3",
      },
      svg,
    );
    el("text", { class: "axis", x: width - tray / 2, y: 13, "text-anchor": "middle" }, svg, "undated");
  }
}

// Each event takes the first free of nine offsets on all its lanes, the same at both ends, so that strokes are upright.
function placeEvents(lanes, X, [left, right], trayX) {
  const busy = new Map();
  let undated = 0;
  return drawn.order.map((e) => {
    const rows = (side) => [...new Set(side.map((i) => lanes.row.get(i)))].sort((a, b) => a - b);
    const from = e.all.length ? rows(e.src) : [lanes.unnamed],
      to = rows(e.tgt),
      all = [...from, ...to];
    const top = Math.min(...all),
      bottom = Math.max(...all);
    const x = e.mid === null ? trayX + ((undated++ * 9) % 46) : X(e.mid);
    const a = e.mid === null ? x : Math.max(left, X(e.t0)),
      b = e.mid === null ? x : Math.min(right, X(e.t1));
    const until = (slot) => {
      let last = -1;
      for (let row = top; row <= bottom; row++) last = Math.max(last, busy.get(row * 16 + slot) ?? -1);
      return last;
    };
    let slot = SLOTS.findIndex((_, s) => until(s) < Math.min(a, x) - 7);
    if (slot < 0) slot = SLOTS.reduce((best, _, s) => (until(s) < until(best) ? s : best), 0);
    for (let row = top; row <= bottom; row++) busy.set(row * 16 + slot, Math.max(b, x) + 7);
    const y = (row) => AXIS + row * LANE + LANE / 2 + SLOTS[slot] * 3.1;
    return { e, x, a, b, y, from, to, top, bottom };
  });
}

function drawEvent(parent, p, [left, right]) {
  const { e, x, a, b, y, from, to, top, bottom } = p,
    colour = COLOUR[e.sign],
    r = Math.min(8.5, 3.6 + 1.6 * Math.log2(Math.max(1, e.reports.length)) + 0.6);
  const group = el("g", { class: "ev", "data-event": e.i }, parent),
    faded = e.realis === "actual" ? 0.8 : 0.45;
  setTip(group, `${e.title}\n${e.when}${e.reports.length ? "\n" + e.reports[0].who : ""}`);
  if (bottom > top) {
    el(
      "line",
      {
        x1: x,
        x2: x,
        y1: y(top),
        y2: y(bottom),
        stroke: colour,
        "stroke-width": 1.2,
        "stroke-dasharray": DASH[e.sign],
        opacity: faded * 0.65,
      },
      group,
    );
    el("line", { x1: x, x2: x, y1: y(top), y2: y(bottom), class: "hit" }, group);
  }
  // An act whose source is not named comes in from above with a short stroke.
  if (!from.length)
    to.forEach((row) =>
      el(
        "line",
        { x1: x, x2: x, y1: y(row) - 11, y2: y(row), stroke: colour, "stroke-width": 1.4, opacity: faded },
        group,
      ),
    );
  if (e.t0 !== null) drawDays(group, e, a, b, x, y(from.length ? from[0] : to[0]), colour, [left, right]);
  to.filter((row) => !from.includes(row)).forEach((row) => {
    const up = from.length && row < from[0] ? 1 : -1;
    el(
      "polygon",
      {
        points: `${x - 4.2},${y(row) + 5 * up} ${x + 4.2},${y(row) + 5 * up} ${x},${y(row) - 3.4 * up}`,
        fill: colour,
        opacity: faded,
      },
      group,
    );
  });
  (from.length ? from.map(y) : to.map((row) => y(row) - 11)).forEach((h) => {
    el("circle", { class: "ring", cx: x, cy: h, r: r + 5 }, group);
    glyph(group, e, x, h, r);
  });
  return group;
}

// Days as known: a bar where the act fills them, a whisker where it lies somewhere in them, an arrow where an end is open.
function drawDays(group, e, a, b, x, y, colour, [left, right]) {
  if (e.open) {
    const end = e.open === "since" ? Math.min(right, x + 34) : Math.max(left, x - 34),
      d = e.open === "since" ? -4 : 4;
    el(
      "path",
      {
        d: `M${x} ${y}H${end}M${end + d} ${y - 3.5}L${end} ${y}L${end + d} ${y + 3.5}`,
        stroke: colour,
        "stroke-width": 1.5,
        opacity: 0.6,
        fill: "none",
      },
      group,
    );
  } else if (e.last !== e.first && b > a) {
    const ends = e.exact ? "" : `M${a} ${y - 4}v8M${b} ${y - 4}v8`;
    el(
      "path",
      {
        d: `M${a} ${y}H${b}${ends}`,
        stroke: colour,
        "stroke-width": e.exact ? 7 : 1.5,
        "stroke-linecap": e.exact ? "round" : null,
        opacity: e.exact ? 0.35 : 0.6,
        fill: "none",
      },
      group,
    );
  }
}

// Names of the events reported most, wherever one fits without covering a mark, a stroke or another name.
function nameKeyEvents(svg, placed, lanes, right) {
  const taken = [];
  const ranked = placed
    .filter((p) => p.e.mid !== null && p.from.length && p.x > NAMES)
    .sort((p, q) => q.e.reports.length - p.e.reports.length || p.x - q.x);
  const free = (l, r, y) =>
    !taken.some((t) => l < t.r + 4 && t.l < r + 4 && Math.abs(t.y - y) < 14) &&
    !placed.some((p) => p.x > l - 6 && p.x < r + 6 && y > p.y(p.top) - 10 && y < p.y(p.bottom) + 10);
  ranked.slice(0, 150).forEach((p) => {
    if (taken.length >= 30) return;
    const y = p.y(p.from[0]),
      text = nameShort(p.e, lanes.names[p.from[0]][0]),
      w = text.length * 6.3;
    for (const [l, anchor] of [
      [p.x + 11, "start"],
      [p.x - 11 - w, "end"],
    ]) {
      if (l < NAMES + 4 || l + w > right || !free(l, l + w, y)) continue;
      taken.push({ l, r: l + w, y });
      el(
        "text",
        { class: "key halo", x: anchor === "start" ? l : l + w, y: y + 4, "text-anchor": anchor, "data-key": p.e.i },
        svg,
        text,
      );
      break;
    }
  });
}

// The act and whom it concerns, for the lane it starts on.
function nameShort(e, lane) {
  const others = e.tgt.filter((i) => i !== lane).map(inLine);
  return cut(
    others.length ? `${e.kind}: ${others[0]}${others.length > 1 ? ` +${others.length - 1}` : ""}` : e.kind,
    30,
  );
}

// --- moving in time ---------------------------------------------------------------------------------------------

function zoom(factor, share) {
  const [low, high] = view(),
    at = low + (high - low) * (share ?? 0.5),
    span = Math.max(3 * DAY, (high - low) * factor);
  const from = Math.max(LOW, at - span * (share ?? 0.5)),
    to = Math.min(HIGH, from + span);
  if (from <= LOW && to >= HIGH) setPeriod(null, null);
  else setPeriod(from, to);
}
function pan(share) {
  const [low, high] = view(),
    span = high - low,
    from = Math.max(LOW, Math.min(HIGH - span, low + span * share));
  if (state.low !== null || state.high !== null) setPeriod(from, from + span);
}
function listenToTimeline() {
  const box = $("timeline");
  let start = null;
  box.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const frame = box.getBoundingClientRect();
      zoom(
        event.deltaY < 0 ? 0.75 : 1.34,
        Math.max(0, Math.min(1, (event.clientX - frame.left - NAMES) / (frame.width - NAMES))),
      );
    },
    { passive: false },
  );
  box.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("[data-event],[data-actor]")) start = [event.clientX, ...view()];
  });
  addEventListener("pointermove", (event) => {
    if (!start || (state.low === null && state.high === null)) return;
    const shift = ((start[0] - event.clientX) / (box.clientWidth - NAMES)) * (start[2] - start[1]);
    const from = Math.max(LOW, Math.min(HIGH - (start[2] - start[1]), start[1] + shift));
    setPeriod(from, from + start[2] - start[1], true);
  });
  addEventListener("pointerup", () => {
    start = null;
  });
  $("t-in").addEventListener("click", () => zoom(0.5));
  $("t-out").addEventListener("click", () => zoom(2));
  $("t-all").addEventListener("click", () => setPeriod(null, null));
  box.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) moveCursor(step);
    else if (event.key === "Home" || event.key === "End") moveCursor(event.key === "Home" ? -1e9 : 1e9);
    else if (event.key === "Enter" && state.cursor !== null) pick({ event: state.cursor });
    else if (event.key === "+" || event.key === "=") zoom(0.5);
    else if (event.key === "-") zoom(2);
    else if (event.key === "0") setPeriod(null, null);
    else return;
    event.preventDefault();
  });
}
function moveCursor(step) {
  const at = drawn.order.findIndex((e) => e.i === state.cursor);
  const next =
    drawn.order[
      at < 0 ? (step > 0 ? 0 : drawn.order.length - 1) : Math.max(0, Math.min(drawn.order.length - 1, at + step))
    ];
  if (!next) return;
  state.cursor = next.i;
  drawn.marks.forEach((group, i) => group.classList.toggle("cursor", i === next.i));
  $("live").textContent = `${next.title}, ${next.when}. ${next.reports.length ? next.reports[0].who : next.note}`;
}
