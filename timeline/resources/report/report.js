// One state; every view is drawn from it. Filters say what is shown, the pick what is highlighted.
const state = {
  actors: [],
  between: false,
  kinds: new Set(SIGNS),
  low: null,
  high: null,
  words: "",
  actual: false,
  pick: null,
  cursor: null,
  found: [],
  shown: PAGE,
  open: new Set(),
};

function matches(e) {
  if (!state.kinds.has(e.sign)) return false;
  if (state.actual && e.realis !== "actual") return false;
  if (state.low !== null || state.high !== null) {
    if (
      e.t0 === null ||
      (state.low !== null && e.t1 + DAY / 2 < state.low) ||
      (state.high !== null && e.t0 - DAY / 2 > state.high)
    )
      return false;
  }
  if (state.actors.length) {
    const here = (i) => state.actors.includes(i);
    if (state.between && state.actors.length > 1) {
      if (!e.src.some((s) => here(s) && e.tgt.some((t) => t !== s && here(t)))) return false;
    } else if (!e.all.some(here)) return false;
  }
  return state.words.every((word) => e.search.includes(word));
}
function inPick(e) {
  const p = state.pick;
  if (!p || p.event !== undefined) return true;
  if (p.actor !== undefined) return e.all.includes(p.actor);
  return e.sign === p.sign && e.src.includes(p.s) && e.tgt.includes(p.t);
}

let waiting = 0;
function refresh(now) {
  state.words = $("words").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  state.found = D.events.filter(matches);
  state.shown = PAGE;
  if (state.pick && !state.found.some((e) => state.pick.event === e.i || (state.pick.event === undefined && inPick(e))))
    state.pick = null;
  drawTimeline();
  showFilters();
  clearTimeout(waiting);
  const rest = () => {
    drawOverview();
    drawNetwork();
    drawList();
    mark();
  };
  if (now === false) waiting = setTimeout(rest, 140);
  else rest();
  mark();
}
function setPeriod(low, high, moving) {
  state.low = low;
  state.high = high;
  $("from").value = low === null ? "" : iso(low);
  $("to").value = high === null ? "" : iso(high);
  refresh(moving ? false : undefined);
}

function showFilters() {
  const box = $("chips");
  clear(box);
  const chip = (words, off) => {
    const node = el("span", { class: "chip" }, box);
    el("b", { dir: "auto" }, node, words);
    el("button", { type: "button", class: "link", "aria-label": `Take off: ${words}` }, node, "✕").addEventListener(
      "click",
      off,
    );
  };
  state.actors.forEach((i) =>
    chip(nameOf(i), () => {
      state.actors = state.actors.filter((a) => a !== i);
      refresh();
    }),
  );
  if (state.low !== null || state.high !== null)
    chip(
      `${state.low === null ? "until" : sayDay(state.low)}${state.low !== null && state.high !== null ? " – " : state.high === null ? " or later" : " "}${state.high === null ? "" : sayDay(state.high)}`,
      () => setPeriod(null, null),
    );
  if (state.kinds.size < 3)
    chip([...state.kinds].join(", ") || "no kind", () => {
      state.kinds = new Set(SIGNS);
      refresh();
    });
  if (state.words.length)
    chip(`“${$("words").value.trim()}”`, () => {
      $("words").value = "";
      refresh();
    });
  if (state.actual)
    chip("told as having happened", () => {
      state.actual = $("actual").checked = false;
      refresh();
    });
  $("count").textContent = `${state.found.length.toLocaleString("en")} of ${plural(D.events.length, "event")}`;
  $("clear").hidden = !box.firstChild;
  $("between-box").hidden = state.actors.length < 2;
  document
    .querySelectorAll("#kinds button")
    .forEach((b) => b.setAttribute("aria-pressed", String(state.kinds.has(b.dataset.kind))));
}

// Highlight what is picked in both charts, without drawing them anew.
function mark() {
  const p = state.pick,
    on = (e) => !p || (p.event !== undefined ? p.event === e.i : inPick(e));
  const chosen = state.found.filter(on),
    actors = new Set(chosen.flatMap((e) => e.all));
  const pairs = new Set(chosen.flatMap((e) => e.src.flatMap((s) => e.tgt.map((t) => `${s}|${t}|${e.sign}`))));
  ["timeline", "network"].forEach((id) => $(id).classList.toggle("has-on", !!p));
  drawn.marks.forEach((group, i) => group.classList.toggle("on", !!p && on(D.events[i])));
  document
    .querySelectorAll("#timeline .key")
    .forEach((key) => key.classList.toggle("on", !!p && on(D.events[+key.dataset.key])));
  net.nodes.forEach((group, i) => group.classList.toggle("on", !!p && actors.has(i)));
  if (net.drawing) nameNodes(p ? actors : null);
  document
    .querySelectorAll("#network .edge")
    .forEach((edge) => edge.classList.toggle("on", !!p && pairs.has(edge.dataset.edge)));
  const note = $("picked");
  clear(note);
  note.hidden = !p;
  if (!p) return;
  const words =
    p.event !== undefined
      ? "One event is picked."
      : p.actor !== undefined
        ? `${inLine(p.actor)}: ${plural(chosen.length, "event")}`
        : `${inLine(p.s)} → ${inLine(p.t)}, ${p.sign}: ${plural(chosen.length, "event")}`;
  el("span", { dir: "auto" }, note, words);
  if (p.actor !== undefined && !state.actors.includes(p.actor))
    el("button", { type: "button", class: "link" }, note, "Make it a filter").addEventListener("click", () => {
      state.actors.push(p.actor);
      state.pick = null;
      refresh();
    });
  el("button", { type: "button", class: "link" }, note, "Unpick").addEventListener("click", () => pick(null));
}

function pick(what) {
  const same = what && state.pick && ["event", "actor", "s", "t", "sign"].every((key) => state.pick[key] === what[key]);
  state.pick = same ? null : what;
  if (what && what.event !== undefined) {
    state.cursor = what.event;
    const at = listed().findIndex((e) => e.i === what.event);
    if (at >= state.shown) state.shown = at + 5;
  }
  drawList();
  mark();
  const card = what && what.event !== undefined && $(`e-${what.event}`);
  if (card) show(card);
  else document.querySelector(".list").scrollTop = 0;
  $("live").textContent = $("picked").hidden ? "Nothing is picked." : $("picked").firstChild.textContent;
}
// Bring a card into view in its own list, or on a narrow screen in the page.
function show(card) {
  const list = document.querySelector(".list");
  if (list.scrollHeight > list.clientHeight + 4) list.scrollTop = Math.max(0, card.offsetTop - 56);
  else card.scrollIntoView({ block: "center" });
}

function listen() {
  document.addEventListener("click", (event) => {
    const hit = (name) => {
      const node = event.target.closest(`[data-${name}]`);
      return node && node.dataset[name];
    };
    const open = hit("open"),
      id = hit("event"),
      actor = hit("actor"),
      edge = hit("edge");
    if (open) {
      state.open.add(+open);
      drawList();
      mark();
    } else if (id) pick({ event: +id });
    else if (actor) pick({ actor: +actor });
    else if (edge) {
      const [s, t, sign] = edge.split("|");
      pick({ s: +s, t: +t, sign });
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state.pick) pick(null);
  });
  $("add-actor").addEventListener("change", (event) => {
    if (event.target.value !== "") state.actors = [...new Set([...state.actors, +event.target.value])];
    event.target.value = "";
    refresh();
  });
  $("between").addEventListener("change", (event) => {
    state.between = !!event.target.value;
    refresh();
  });
  ["from", "to"].forEach((id) =>
    $(id).addEventListener("change", () => {
      const low = noon($("from").value),
        high = noon($("to").value);
      state.low = low === null ? null : low - DAY / 2;
      state.high = high === null ? null : high + DAY / 2 - 1;
      refresh();
    }),
  );
  $("words").addEventListener("input", () => {
    clearTimeout(listen.words);
    listen.words = setTimeout(refresh, 180);
  });
  $("actual").addEventListener("change", (event) => {
    state.actual = event.target.checked;
    refresh();
  });
  $("clear").addEventListener("click", () => {
    Object.assign(state, { actors: [], kinds: new Set(SIGNS), low: null, high: null, actual: false, pick: null });
    ["from", "to", "words"].forEach((id) => {
      $(id).value = "";
    });
    $("actual").checked = false;
    refresh();
    $("add-actor").focus();
  });
  $("more").addEventListener("click", () => {
    state.shown += PAGE;
    drawList();
    mark();
  });
  $("order").addEventListener("change", () => {
    state.shown = PAGE;
    drawList();
    mark();
  });
  $("lanes").addEventListener("change", () => {
    drawTimeline();
    mark();
  });
  ["nodes", "least"].forEach((id) =>
    $(id).addEventListener("change", () => {
      drawNetwork();
      mark();
    }),
  );
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) {
      width = innerWidth;
      clearTimeout(listen.size);
      listen.size = setTimeout(() => {
        drawOverview();
        drawTimeline();
        drawNetwork();
        mark();
      }, 120);
    }
  });
  addEventListener("beforeprint", () => {
    drawList(true);
    mark();
  });
  addEventListener("afterprint", () => {
    drawList();
    mark();
  });
}

// What stands out, in a sentence or two.
function glance(counts) {
  const top = (map, n) => [...map].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, n);
  const days = new Map(),
    said = [];
  D.events.forEach((e) => {
    if (e.exact && e.first === e.last) days.set(e.first, (days.get(e.first) || 0) + 1);
  });
  const actors = top(counts, 4).map(([i, n]) => `${inLine(i)} (${n})`),
    pairs = countPairs(D.events)
      .pairs.slice(0, 3)
      .map((p) => `${inLine(p.s)} → ${inLine(p.t)}, ${p.sign} (${p.n})`);
  if (actors.length) said.push(`Most active: ${actors.join(", ")}.`);
  if (pairs.length) said.push(`Most frequent: ${pairs.join("; ")}.`);
  if (days.size)
    said.push(
      `Busiest days: ${top(days, 3)
        .map(([day, n]) => `${sayDay(noon(day))} (${n})`)
        .join(", ")}.`,
    );
  return said.join(" ");
}

function begin() {
  const counts = new Map();
  D.events.forEach((e) => e.all.forEach((i) => counts.set(i, (counts.get(i) || 0) + 1)));
  [...counts]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .forEach(([i, n]) => el("option", { value: i, dir: "auto" }, $("add-actor"), `${nameOf(i)} (${n})`));
  SIGNS.forEach((sign) => {
    const n = D.events.filter((e) => e.sign === sign).length,
      button = el("button", { type: "button", "data-kind": sign, "aria-pressed": "true" }, $("kinds"));
    el("span", { class: sign.slice(0, 4), "aria-hidden": "true" }, button, GLYPH[sign] + " ");
    button.appendChild(document.createTextNode(`${sign} ${n}`));
    button.addEventListener("click", () => {
      if (!state.kinds.delete(sign)) state.kinds.add(sign);
      refresh();
    });
  });
  [
    ["● ○ cooperation", "coop"],
    ["◆ ◇ conflict", "conf"],
    ["□ neutral", "neut"],
    ["filled: deeds, hollow: words", ""],
    ["faded: not told as having happened", ""],
    ["whisker: somewhere in these days", ""],
    ["larger: more reports", ""],
  ].forEach(([text, kind]) => el("span", { class: kind }, $("legend"), text));
  const publishers = new Set(D.sources.map((s) => s.publisher).filter(Boolean)).size,
    none = D.events.length - dated.length;
  $("lead").textContent =
    `${plural(D.events.length, "event")} among ${plural(D.actors.length, "actor")}` +
    (D.sources.length ? `, told by ${plural(D.sources.length, "article")} of ${plural(publishers, "publisher")}` : "") +
    (dated.length ? `, ${sayDay(LOW + DAY)} – ${sayDay(HIGH - DAY)}` : "") +
    (none ? `; ${none} undated` : "") +
    ".";
  $("glance").textContent = glance(counts);
  D.provenance.forEach(([name, value]) => {
    el("dt", {}, $("provenance"), name);
    el("dd", { dir: "auto" }, $("provenance"), value);
  });
  listSources();
  listen();
  listenToTimeline();
  listenToNetwork();
  refresh();
}
begin();
