// The list of events with what each article says, and the list of sources.
const PAGE = 40;

function listed() {
  const order = $("order").value,
    events = state.found.filter(inPick);
  const at = (e) => (e.mid === null ? Infinity : e.mid);
  if (order === "new") return events.sort((a, b) => (b.mid ?? -Infinity) - (a.mid ?? -Infinity) || a.i - b.i);
  if (order === "reports")
    return events.sort((a, b) => b.reports.length - a.reports.length || at(a) - at(b) || a.i - b.i);
  return events.sort((a, b) => at(a) - at(b) || a.i - b.i);
}

function drawList(all) {
  const box = $("list"),
    events = listed();
  clear(box);
  events.slice(0, all ? events.length : state.shown).forEach((e) => drawCard(box, e, all));
  if (!events.length) el("p", { class: "empty" }, box, "No event matches these filters. Take one off above.");
  $("more").hidden = all || events.length <= state.shown;
  $("more").textContent =
    `Show ${Math.min(PAGE, events.length - state.shown)} more of ${(events.length - state.shown).toLocaleString("en")}`;
}

function drawCard(box, e, all) {
  const on = state.pick && state.pick.event === e.i,
    card = el("article", { class: `s-${e.sign}${on ? " on" : ""}`, id: `e-${e.i}` }, box);
  el("button", { type: "button", "data-event": e.i, "aria-pressed": on ? "true" : null }, el("h3", {}, card), e.title);
  const when = el("p", { class: "when" }, card);
  el("b", {}, when, e.when);
  if (e.basis) when.appendChild(document.createTextNode(` — ${e.basis}`));
  const badges = [
    [D.quads[e.quad], ""],
    [e.reports.length ? plural(e.reports.length, "report") : "imported", ""],
  ];
  if (e.place) badges.push([e.place, ""]);
  if (e.realis !== "actual") badges.push([D.realis[e.realis], " warn"]);
  if (e.differences.length) badges.push([`reports disagree on ${e.differences.join(", ")}`, " warn"]);
  if (e.checked) badges.push([e.checked, ""]);
  badges.forEach(([text, kind]) => el("span", { class: "badge" + kind, dir: "auto" }, card, text));
  const shown = all || on || state.open.has(e.i) ? e.reports : e.reports.slice(0, 1);
  shown.forEach((r) => drawReport(card, r));
  if (e.note) {
    const note = el("p", { class: "fine" }, card, e.note + " ");
    if (e.link) link(note, e.link, "Open the article");
  }
  if (shown.length < e.reports.length)
    el(
      "button",
      { type: "button", class: "link", "data-open": e.i },
      card,
      `and ${plural(e.reports.length - 1, "more report")}`,
    );
}

function drawReport(card, r) {
  const s = D.sources[r.source];
  el("p", { class: "who" }, card, r.who);
  const quote = el("blockquote", { dir: "auto" }, card);
  r.words.forEach(([text, kind]) =>
    kind ? el("mark", { class: kind, title: kind }, quote, text) : quote.appendChild(document.createTextNode(text)),
  );
  el("p", { class: "fine" }, card, r.date);
  const where = el("p", { class: "fine" }, card);
  el("a", { href: `#s-${r.source}`, "aria-label": `Source ${r.source + 1}` }, where, `[${r.source + 1}]`);
  [s.title, s.publisher, s.when].filter(Boolean).forEach((text, n) => {
    where.appendChild(document.createTextNode(n ? " · " : " "));
    el("bdi", {}, where, text);
  });
  where.appendChild(document.createTextNode(" "));
  if (s.url) link(where, s.url, `Open at ${s.host}`);
}

function link(parent, url, words) {
  if (/^https?:\/\//i.test(url))
    el("a", { href: url, rel: "noopener noreferrer nofollow", target: "_blank" }, parent, words);
}

function listSources() {
  const uses = D.sources.map(() => 0),
    box = $("source-list"),
    groups = new Map();
  D.events.forEach((e) =>
    new Set(e.reports.map((r) => r.source)).forEach((n) => {
      uses[n] += 1;
    }),
  );
  D.sources.forEach((s, n) => {
    const name = s.publisher || "Publisher unknown";
    groups.set(name, [...(groups.get(name) || []), n]);
  });
  [...groups]
    .sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))
    .forEach(([publisher, numbers]) => {
      const part = el("section", {}, box);
      el("h3", { dir: "auto" }, part, `${publisher} (${numbers.length})`);
      const list = el("ol", {}, part);
      numbers.forEach((n) => {
        const s = D.sources[n],
          item = el("li", { id: `s-${n}` }, list);
        el("span", {}, item, `[${n + 1}]`);
        el("bdi", {}, item, s.title || "Untitled");
        item.appendChild(document.createTextNode(`, ${s.when}; ${plural(uses[n], "event")} `));
        if (s.url) link(item, s.url, s.host);
      });
    });
  if (!D.sources.length) el("p", { class: "hint" }, box, "These events were imported without articles.");
}
