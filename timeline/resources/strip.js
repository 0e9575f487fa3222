// Draws the strip of events over time, cooperation upwards, conflict downwards, with a brush for the period.
// `data` is bytes of JSON: words (the text equal), strip: unit ("day" to "year"), bins (days since 1970), counts by
// sign (cooperation, neutral, conflict), colours; brush: whether one may be drawn, window: its first and last day, each
// null where the period is open. A brush tells `period`: first and last day, or nothing once it is taken off.

const SVG = "http://www.w3.org/2000/svg"
const TOP_PX = 4, PLOT_PX = 90, HEIGHT_PX = 118, TICK_PX = 80, NAME_PX = 6, EDGE_PX = 6, DRAG_PX = 3, REST_MS = 120
const DAY_MS = 86_400_000, SHARE = 0.86  // of a bin, that its bar is wide
const DAYS = { day: 1, week: 7, month: 30.4, year: 365.25 }
const TICKS = [["day", 1], ["day", 7], ["day", 14], ["month", 1], ["month", 3], ["month", 6],
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].map(years => ["year", years])]

const clamp = (value, low, high) => Math.min(high, Math.max(low, value))
const dateOf = day => new Date(day * DAY_MS)
const say = number => number.toLocaleString(undefined, { maximumFractionDigits: 1 })
const sayDay = (day, parts) => dateOf(day).toLocaleDateString(undefined, { timeZone: "UTC", ...parts })
const LONG = { day: "numeric", month: "short", year: "numeric" }

function make(tag, attributes, parent) {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  parent?.append(element)
  return element
}

// --- scales -----------------------------------------------------------------------------------------------------------

// About three steps of a round number over what the strip reaches up and down.
function countTicks(high, low) {
  const rough = (high + low) / 3, power = 10 ** Math.floor(Math.log10(rough)), times = rough / power
  const step = Math.max(power * (times < 1.5 ? 1 : times < 3.5 ? 2 : times < 7.5 ? 5 : 10), high + low < 3 ? 0.5 : 1)
  const ticks = []
  for (let tick = -Math.floor(low / step) * step; tick <= high; tick += step) ticks.push(tick)
  return ticks
}

const sayCount = number => Math.abs(number).toLocaleString(undefined, { notation: "compact" })

// The first days of the units of time between two days that leave room for their names.
function dayTicks(first, last, width) {
  const [unit, step] = TICKS.find(([unit, step]) => ((last - first) / (DAYS[unit] * step)) * TICK_PX <= width) ?? TICKS.at(-1)
  if (unit === "day") {
    const start = Math.ceil(first / step) * step
    return Array.from({ length: Math.floor((last - start) / step) + 1 }, (_, number) => start + number * step)
  }
  const ticks = [], from = dateOf(first), at = new Date(0)
  const months = unit === "month" ? step : 12 * step, begin = from.getUTCFullYear() * 12 + from.getUTCMonth()
  for (let month = Math.ceil(begin / months) * months; ticks.length < 999; month += months) {
    at.setUTCFullYear(Math.floor(month / 12), month - Math.floor(month / 12) * 12, 1)
    const day = Math.round(at.getTime() / DAY_MS)
    if (day > last) return ticks
    if (day >= first) ticks.push(day)
  }
  return ticks
}

function nameTick(day, span) {
  const date = dateOf(day)
  if (date.getUTCDate() !== 1) return sayDay(day, { day: "numeric", month: "short" })
  if (date.getUTCMonth() === 0) return String(date.getUTCFullYear())
  return sayDay(day, span > 300 ? { month: "long" } : { month: "short", day: span < 90 ? "numeric" : undefined })
}

function scale(strip) {
  const { unit, bins, cooperation, neutral, conflict } = strip.given.strip
  const first = bins[0], last = bins.at(-1) + DAYS[unit]
  const high = Math.max(0, ...bins.map((_, i) => cooperation[i] + neutral[i])), low = Math.max(0, ...conflict)
  const ticks = countTicks(high, low), left = NAME_PX * 2 + 7 * Math.max(...ticks.map(tick => sayCount(tick).length))
  const width = Math.max(40, strip.width - left - 4), span = high + low || 1
  Object.assign(strip, { first, last, left, plot: width, ticks })
  strip.x = day => left + ((day - first) / (last - first)) * width
  strip.y = count => TOP_PX + ((high - count) / span) * PLOT_PX
  strip.day = x => first + ((x - left) / width) * (last - first)
}

// --- drawing ----------------------------------------------------------------------------------------------------------

// All bars of a sign as one path; a bar is at least as wide as a hair.
function drawBars(strip, sign, from, layer) {
  const { unit, bins, colours } = strip.given.strip, counts = strip.given.strip[sign]
  const wide = Math.max(0.8, strip.x(bins[0] + DAYS[unit] * SHARE) - strip.x(bins[0])).toFixed(2)
  const bars = bins.map((bin, i) => {
    if (!counts[i]) return ""
    const low = strip.y(from(i)), high = strip.y(from(i) + (sign === "conflict" ? -1 : 1) * counts[i])
    return `M${strip.x(bin).toFixed(1)} ${low.toFixed(1)}h${wide}V${high.toFixed(1)}h-${wide}Z`
  })
  make("path", { class: sign, fill: colours[sign], d: bars.join("") }, layer)
}

function drawAxes(strip, layer) {
  const { colours } = strip.given.strip, bottom = TOP_PX + PLOT_PX
  for (const tick of strip.ticks) {
    const name = make("text", { x: strip.left - NAME_PX, y: strip.y(tick) + 3.5, "text-anchor": "end" }, layer)
    name.textContent = sayCount(tick)
  }
  make("path", { stroke: colours.grid, d: `M${strip.left} ${strip.y(0).toFixed(1)}h${strip.plot}` }, layer)
  for (const day of dayTicks(strip.first, strip.last, strip.plot)) {
    const x = strip.x(day), name = make("text", { x, y: HEIGHT_PX - 6, "text-anchor": "middle" }, layer)
    make("path", { stroke: colours.grid, d: `M${x.toFixed(1)} ${bottom}v4` }, layer)
    name.textContent = nameTick(day, strip.last - strip.first)
    const half = name.textContent.length * 3.2
    if (x + half > strip.width) name.setAttribute("text-anchor", "end")
  }
}

function draw(strip) {
  if (!strip.width) return
  scale(strip)
  const { cooperation } = strip.given.strip, layer = make("g", {})
  drawAxes(strip, layer)
  drawBars(strip, "cooperation", () => 0, layer)
  drawBars(strip, "neutral", i => cooperation[i], layer)
  drawBars(strip, "conflict", () => 0, layer)
  strip.shade = make("rect", { class: "brush", y: TOP_PX, height: PLOT_PX, hidden: "" }, layer)
  strip.svg.setAttribute("viewBox", `0 0 ${strip.width} ${HEIGHT_PX}`)
  strip.svg.replaceChildren(layer)
  drawBrush(strip)
}

function drawBrush(strip) {
  const { shade, period } = strip
  if (!period) {
    shade.setAttribute("hidden", "")
    return
  }
  const [from, to] = period.map(day => clamp(strip.x(day), strip.left, strip.left + strip.plot))
  shade.removeAttribute("hidden")
  shade.setAttribute("x", from)
  shade.setAttribute("width", Math.max(1, to - from))
}

// --- the mouse --------------------------------------------------------------------------------------------------------

const at = (strip, event) => event.clientX - strip.svg.getBoundingClientRect().x

// What a press of the mouse there takes hold of: an edge of the brush, the brush, or nothing yet.
function handle(strip, x) {
  if (!strip.period) return "new"
  const [from, to] = strip.period.map(strip.x)
  if (Math.abs(x - from) <= EDGE_PX) return "from"
  if (Math.abs(x - to) <= EDGE_PX) return "to"
  return x > from && x < to ? "whole" : "new"
}

function pull(strip, x) {
  const { hold, start, period } = strip.drag, day = strip.day(clamp(x, strip.left, strip.left + strip.plot))
  if (hold === "new") return [start, day].sort((a, b) => a - b)
  if (hold === "from") return [day, period[1]].sort((a, b) => a - b)
  if (hold === "to") return [period[0], day].sort((a, b) => a - b)
  const by = clamp(day - start, strip.first - period[0], strip.last - period[1])
  return period.map(end => end + by)
}

function press(strip, event) {
  if (event.button || !strip.given.brush) return
  const x = at(strip, event), hold = handle(strip, x)
  strip.drag = { x, hold, start: strip.day(clamp(x, strip.left, strip.left + strip.plot)), period: strip.period }
  strip.svg.setPointerCapture(event.pointerId)
}

function release(strip, event) {
  const drag = strip.drag
  if (!drag) return
  strip.drag = null
  if (!drag.moved) {
    if (!strip.period || drag.hold !== "new") return
    strip.period = null
  }
  if (strip.period) {  // of whole days
    const first = Math.floor(strip.period[0])
    strip.period = [first, Math.max(first + 1, Math.ceil(strip.period[1]))]
  }
  drawBrush(strip)
  strip.tell("period", strip.period ? [strip.period[0], strip.period[1] - 1] : [])
}

function hover(strip, event) {
  const x = at(strip, event), { drag, tip } = strip
  if (drag && (drag.moved || Math.abs(x - drag.x) > DRAG_PX)) {
    drag.moved = true
    strip.period = pull(strip, x)
    drawBrush(strip)
  }
  const hold = drag?.hold ?? handle(strip, x)
  const shapes = { from: "ew-resize", to: "ew-resize", whole: "move", new: "crosshair" }
  strip.svg.style.cursor = strip.given.brush ? shapes[hold] : "default"
  const { unit, bins, cooperation, neutral, conflict } = strip.given.strip, day = strip.day(x)
  const near = bins.findIndex((bin, i) => day >= bin && day < (bins[i + 1] ?? bin + DAYS[unit]) && day < bin + DAYS[unit] + 1)
  tip.hidden = near < 0 || !!drag?.moved
  if (tip.hidden) return
  const counts = { cooperation, neutral, conflict }
  const told = Object.entries(counts).filter(([, all]) => all[near]).map(([sign, all]) => `${say(all[near])} ${sign}`)
  tip.textContent = `${unit === "day" ? "" : `${unit} from `}${sayDay(bins[near], LONG)}: ${told.join(", ")}`
  tip.style.left = `${clamp(x + 12, 0, Math.max(0, strip.width - tip.offsetWidth - 4))}px`
}

function listen(strip) {
  const { svg } = strip
  svg.addEventListener("pointerdown", event => press(strip, event))
  svg.addEventListener("pointermove", event => hover(strip, event))
  svg.addEventListener("pointerup", event => release(strip, event))
  svg.addEventListener("pointercancel", () => (strip.drag = null))
  svg.addEventListener("pointerleave", () => (strip.tip.hidden = true))
  strip.resized = new ResizeObserver(() => {
    const width = strip.place.clientWidth
    clearTimeout(strip.timer)
    if (!width || width === strip.width) return
    strip.timer = setTimeout(() => {
      strip.width = width
      draw(strip)
    }, strip.width ? REST_MS : 0)
  })
  strip.resized.observe(strip.place)
}

function makeStrip(parent) {
  const place = document.createElement("div"), tip = document.createElement("div")
  place.className = "timeline-strip"
  place.setAttribute("role", "img")
  tip.className = "tip"
  tip.hidden = true
  const svg = make("svg", { width: "100%", height: HEIGHT_PX, "aria-hidden": "true" })
  place.append(svg, tip)
  parent.append(place)
  const strip = { place, svg, tip, text: "", width: place.clientWidth, period: null }
  listen(strip)
  return strip
}

// The brush over the period chosen, held within what is drawn.
function readWindow({ window: [from, to], strip: { bins, unit }, brush }) {
  if (!brush || (from === null && to === null)) return null
  return [from ?? bins[0], to === null ? bins.at(-1) + DAYS[unit] : to + 1]
}

export default function ({ data, parentElement, setTriggerValue }) {
  const strip = (parentElement.timelineStrip ??= makeStrip(parentElement))
  strip.tell = setTriggerValue
  const text = new TextDecoder().decode(data)
  if (text !== strip.text) {
    strip.text = text
    strip.given = JSON.parse(text)
    strip.place.setAttribute("aria-label", strip.given.words)
    const { muted, accent, text: ink, surface, grid } = strip.given.strip.colours
    const colours = { muted, accent, ink, surface, grid }
    for (const [name, value] of Object.entries(colours)) strip.place.style.setProperty(`--strip-${name}`, value)
    if (!strip.drag) strip.period = readWindow(strip.given)
    draw(strip)
  }
  return () => {
    strip.resized.disconnect()
    clearTimeout(strip.timer)
    delete parentElement.timelineStrip
  }
}
