// Draws a network as SVG out of numbers: every actor where the layout puts it, so that nobody moves when filters change.
// `data` is bytes of JSON: name, words (the text equal), marks (ids of actors, and edges, that are selected), network:
//   nodes [id, name, x, y (0 to 1), diameter, acts, receives, colour, group], most active first
//   edges [source, target (numbers of nodes), sign, bow, width, opacity, events, score, change, was, now, glyph]
//   colours of the theme
// A click tells `pick`: an actor's id, or source, target and sign of an edge. The reader's zoom is kept here.

const SVG = "http://www.w3.org/2000/svg"
const HEIGHT_PX = 500, FRAME_PX = { left: 50, right: 50, top: 20, bottom: 34 }  // around it, for names
const ALWAYS = 25, AT_MOST = 40  // names: those of the most active come what may, and those that find room
const NAME_LENGTH = 30, FONT_PX = 12, LINE_PX = 15, GAP_PX = 4, ASKEW = 0.7, ROUNDS = 4
const STEPS = 14  // of a curve, to find the one under the mouse
const NEAR_PX = 5, DRAG_PX = 3, REST_MS = 120
const KEYS = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }
const ZOOM = { least: 0.5, most: 8, step: 1.3 }
const WHOLE = { zoom: 1, x: 0.5, y: 0.5 }

const pen = document.createElement("canvas").getContext("2d")
const views = new Map()  // name → the reader's zoom, and which point is in the middle

const clamp = (value, low, high) => Math.min(high, Math.max(low, value))
const say = number => Math.round(number).toLocaleString()

function make(tag, attributes, parent) {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  parent?.append(element)
  return element
}

function shorten(name) {
  const letters = [...name]
  return letters.length <= NAME_LENGTH ? name : `${letters.slice(0, NAME_LENGTH - 1).join("").trimEnd()}…`
}

// --- where everything stands, in pixels ---------------------------------------------------------------------------

function frameOf(net) {
  return {
    width: Math.max(80, net.width - FRAME_PX.left - FRAME_PX.right),
    height: HEIGHT_PX - FRAME_PX.top - FRAME_PX.bottom,
  }
}

function arrange(net) {
  const { width, height } = frameOf(net), { zoom, x, y } = net.view
  net.nodes = net.given.network.nodes.map(([id, name, nodeX, nodeY, diameter, acts, receives, colour, group]) => ({
    id, name, acts, receives, colour, group, r: diameter / 2,
    x: FRAME_PX.left + width / 2 + (nodeX - x) * width * zoom,
    y: FRAME_PX.top + height / 2 + (nodeY - y) * height * zoom,
  }))
  net.edges = net.given.network.edges.map(edge => {
    const [source, target, sign, bow, width, opacity, events, score, change, was, now, glyph] = edge
    const from = net.nodes[source], to = net.nodes[target]
    const bend = { x: (from.x + to.x) / 2 + (to.y - from.y) * bow, y: (from.y + to.y) / 2 - (to.x - from.x) * bow }
    return { from, to, bend, sign, width, opacity, events, score, change, was, now, glyph }
  })
}

function along({ from, bend, to }, t) {
  const a = (1 - t) ** 2, b = 2 * (1 - t) * t, c = t * t
  return { x: a * from.x + b * bend.x + c * to.x, y: a * from.y + b * bend.y + c * to.y }
}

// Where a curve comes within `distance` of its target.
function reach(edge, distance) {
  let low = 0, high = 1
  for (let turn = 0; turn < 10; turn++) {
    const t = (low + high) / 2, at = along(edge, t)
    if (Math.hypot(at.x - edge.to.x, at.y - edge.to.y) > distance) low = t
    else high = t
  }
  return low
}

// --- names: on the side of the node where each covers least -----------------------------------------------------------

// Below, above, at the right, at the left, and askew.
function boxesOf(node, width) {
  const r = node.r + GAP_PX, askew = r * ASKEW, { x, y } = node
  const starts = [
    [x - width / 2, y + r], [x - width / 2, y - r - LINE_PX], [x + r, y - LINE_PX / 2], [x - r - width, y - LINE_PX / 2],
    [x + askew, y + askew], [x - askew - width, y + askew], [x + askew, y - askew - LINE_PX],
    [x - askew - width, y - askew - LINE_PX],
  ]
  return starts.map(([left, top]) => ({ left, top, right: left + width, bottom: top + LINE_PX }))
}

function shared(a, b) {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  return width > 0 && height > 0 ? width * height : 0
}

const around = ({ x, y }, r) => ({ left: x - r, top: y - r, right: x + r, bottom: y + r })
const widen = (box, by) => ({ left: box.left - by, top: box.top - 1, right: box.right + by, bottom: box.bottom + 1 })

// What a name covers in a box: other names, nodes, the little space around nodes, and what is off the drawing.
function costOf(net, box, own, placed) {
  const room = widen(box, GAP_PX)
  let cost = LINE_PX * (Math.max(0, -box.left) + Math.max(0, box.right - net.width)) * 9
  cost += (box.right - box.left) * (Math.max(0, -box.top) + Math.max(0, box.bottom - HEIGHT_PX)) * 9
  for (const [node, other] of placed) if (node !== own) cost += shared(room, other)
  for (const node of net.nodes) {
    if (node !== own) cost += 0.7 * shared(box, around(node, node.r)) + 0.3 * shared(box, around(node, node.r + GAP_PX))
  }
  return cost
}

// The cheapest side of a name, and what it costs.
function chooseSide(net, name, placed) {
  const costs = name.boxes.map(box => costOf(net, box, name.node, placed))
  const cost = Math.min(...costs)
  return { box: name.boxes[costs.indexOf(cost)], cost }
}

// The most active actors are named first; then those that find room; those selected in any case, where they do least.
function placeNames(net) {
  pen.font = `${FONT_PX}px ${net.font}`
  const seen = net.nodes.filter(({ x, y, r }) => x > -r && x < net.width + r && y > -r && y < HEIGHT_PX + r)
  const write = node => {
    const text = shorten(node.name)
    return { node, text, boxes: boxesOf(node, pen.measureText(text).width) }
  }
  const placed = new Map()
  const names = seen.slice(0, AT_MOST).map(write)
  for (let turn = 0; turn < ROUNDS; turn++) {
    let moved = false
    names.forEach((name, rank) => {
      const before = placed.get(name.node)
      const { box, cost } = chooseSide(net, name, placed)
      placed.delete(name.node)
      if (rank < ALWAYS || cost === 0) placed.set(name.node, box)
      moved ||= placed.get(name.node) !== before
    })
    if (!moved) break
  }
  for (const name of names.filter(({ node }) => !placed.has(node))) makeRoom(net, name, names, placed)
  const marked = new Set(net.given.marks.actors)
  for (const node of seen.filter(node => marked.has(node.id) && !placed.has(node))) {
    const name = write(node)
    names.push(name)
    placed.set(node, chooseSide(net, name, placed).box)
  }
  net.names = names.filter(({ node }) => placed.has(node)).map(name => ({ ...name, box: placed.get(name.node) }))
}

// Find a free side for one more name by moving those in its way, if they have another free side.
function makeRoom(net, name, names, placed) {
  for (const box of name.boxes) {
    if (costOf(net, box, name.node, new Map()) > 0) continue
    const tried = new Map(placed).set(name.node, box)
    const inTheWay = names.filter(({ node }) => placed.has(node) && shared(widen(box, GAP_PX), placed.get(node)))
    const fits = inTheWay.every(other => {
      const found = chooseSide(net, other, tried)
      tried.set(other.node, found.box)
      return found.cost === 0
    })
    if (!fits) continue
    for (const [node, found] of tried) placed.set(node, found)
    return
  }
}

// --- drawing ----------------------------------------------------------------------------------------------------------

function drawEdge(net, edge, layer) {
  const colour = net.given.network.colours[edge.sign], head = 6 + edge.width
  const t = reach(edge, edge.to.r + head), tip = along(edge, reach(edge, edge.to.r + 1)), end = along(edge, t)
  const bend = { x: edge.from.x + (edge.bend.x - edge.from.x) * t, y: edge.from.y + (edge.bend.y - edge.from.y) * t }
  const long = Math.hypot(tip.x - end.x, tip.y - end.y) || 1, half = 2.5 + edge.width * 0.6
  const across = { x: (-(tip.y - end.y) / long) * half, y: ((tip.x - end.x) / long) * half }
  const group = make("g", { class: "edge", opacity: edge.opacity }, layer)
  const dash = { conflict: `${4 + edge.width} ${3 + edge.width}`, neutral: `${1 + edge.width} ${2 + edge.width}` }
  make("path", {
    class: "line", fill: "none", stroke: colour, "stroke-width": edge.width, "stroke-dasharray": dash[edge.sign] ?? "",
    d: `M${point(edge.from)}Q${point(bend)} ${point(end)}`,
  }, group)
  const corners = [{ x: end.x + across.x, y: end.y + across.y }, tip, { x: end.x - across.x, y: end.y - across.y }]
  make("path", { class: "head", fill: colour, d: `M${corners.map(point).join("L")}Z` }, group)
  edge.drawn = group
}

const point = ({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`

function drawNode(net, node, layer) {
  const { node: plain, background } = net.given.network.colours
  node.drawn = make("circle", {
    class: "node", cx: node.x.toFixed(1), cy: node.y.toFixed(1), r: node.r, fill: node.colour || plain,
    stroke: background, "stroke-width": 1.5,
  }, layer)
}

function drawName(net, { node, text, box }, layer) {
  node.named = make("text", { class: "name", x: box.left.toFixed(1), y: (box.top + LINE_PX - GAP_PX).toFixed(1) }, layer)
  node.named.textContent = text
}

// The sign of a change in the middle of its edge, where no name stands.
function drawSign(net, edge, layer) {
  const at = along(edge, 0.5), own = around(at, LINE_PX / 2)
  if (!edge.glyph || net.names.some(({ box }) => shared(box, own))) return
  const sign = make("text", { class: "sign", x: at.x, y: at.y + 5, fill: net.given.network.colours[edge.sign] }, layer)
  sign.textContent = edge.glyph
}

function draw(net) {
  if (!net.width) return
  arrange(net)
  placeNames(net)
  const layer = make("g", {})
  for (const edge of net.edges) drawEdge(net, edge, layer)
  for (const node of net.nodes.slice().reverse().sort((a, b) => b.r - a.r)) drawNode(net, node, layer)
  for (const edge of net.edges) drawSign(net, edge, layer)
  for (const name of net.names) drawName(net, name, layer)
  net.svg.replaceChildren(layer)
  net.svg.setAttribute("viewBox", `0 0 ${net.width} ${HEIGHT_PX}`)
  net.under = null
  mark(net)
}

// What is under the mouse, or else what is selected, stands out; all other steps back.
function mark(net) {
  const { actors, edges } = net.given.marks, under = net.under
  const nodes = new Set(), lines = new Set(), ringed = new Set(net.nodes.filter(({ id }) => actors.includes(id)))
  if (under) {
    for (const edge of net.edges) {
      if (edge !== under && edge.from !== under && edge.to !== under) continue
      lines.add(edge)
      nodes.add(edge.from).add(edge.to)
    }
    if (under.id) nodes.add(under)
  } else {
    const wanted = new Set(edges.map(String))
    for (const edge of net.edges) if (wanted.has(String([edge.from.id, edge.to.id, edge.sign]))) lines.add(edge)
    for (const node of ringed) nodes.add(node)
  }
  net.place.classList.toggle("some", nodes.size + lines.size > 0)
  net.place.classList.toggle("under", !!under)
  for (const edge of net.edges) edge.drawn.classList.toggle("lit", lines.has(edge))
  for (const node of net.nodes) {
    node.drawn.classList.toggle("lit", nodes.has(node))
    node.drawn.classList.toggle("ring", ringed.has(node))
    node.named?.classList.toggle("lit", nodes.has(node))
  }
}

// --- the mouse and the keyboard -------------------------------------------------------------------------------------

function whereIs(net, event) {
  const box = net.svg.getBoundingClientRect()
  return { x: event.clientX - box.x, y: event.clientY - box.y }
}

function distanceTo(edge, at) {
  let least = Infinity
  for (let step = 0; step < STEPS; step++) {
    const a = along(edge, step / STEPS), b = along(edge, (step + 1) / STEPS)
    const long = (b.x - a.x) ** 2 + (b.y - a.y) ** 2 || 1
    const share = clamp(((at.x - a.x) * (b.x - a.x) + (at.y - a.y) * (b.y - a.y)) / long, 0, 1)
    least = Math.min(least, Math.hypot(a.x + share * (b.x - a.x) - at.x, a.y + share * (b.y - a.y) - at.y))
  }
  return least
}

// The actor, by its node or its name, or the edge at a point of the drawing.
function find(net, at) {
  const on = net.nodes.filter(node => Math.hypot(node.x - at.x, node.y - at.y) <= node.r + 2)
  if (on.length) return on.reduce((a, b) => (b.r < a.r ? b : a))
  const named = net.names.find(({ box: b }) => at.x >= b.left && at.x <= b.right && at.y >= b.top && at.y <= b.bottom)
  if (named) return named.node
  const near = net.edges.map(edge => [distanceTo(edge, at) - edge.width / 2, edge]).filter(([gap]) => gap <= NEAR_PX)
  return near.reduce((a, b) => (b[0] < a[0] ? b : a), [Infinity, null])[1]
}

function describe({ id, name, acts, receives, group, from, to, sign, events, score, change, was, now }) {
  if (id) {
    return [name, ...(group ? [group] : []), `acts in ${say(acts)}, is acted on in ${say(receives)} events`]
  }
  const head = `${from.name} → ${to.name}`
  if (change) return [head, `${change}: ${sayPeriod(was)} → ${sayPeriod(now)}`]
  const mean = `${score > 0 ? "+" : score < 0 ? "−" : ""}${Math.abs(score).toFixed(1)}`
  return [head, `${sign}: ${say(events)} ${Math.round(events) === 1 ? "event" : "events"}, mean score ${mean}`]
}

const sayPeriod = ([sign, events]) => (sign ? `${say(events)} ${sign}` : "none")

function hover(net, event) {
  const at = whereIs(net, event), found = net.drag?.moved ? null : find(net, at)
  net.place.style.cursor = found ? "pointer" : net.drag ? "grabbing" : "grab"
  if (found !== net.under) {
    net.under = found
    mark(net)
    net.tip.hidden = !found
    if (found) {
      net.tip.replaceChildren(...[...describe(found), "click for the evidence"].map((words, number) => {
        const line = document.createElement(number ? "div" : "b")
        line.textContent = words
        line.dir = "auto"
        return line
      }))
    }
  }
  if (!found) return
  net.tip.style.left = `${clamp(at.x + 14, 0, Math.max(0, net.width - net.tip.offsetWidth - 4))}px`
  net.tip.style.top = `${clamp(at.y + 16, 0, HEIGHT_PX - net.tip.offsetHeight - 4)}px`
}

function leave(net) {
  net.tip.hidden = true
  if (!net.under) return
  net.under = null
  mark(net)
}

function look(net, view) {
  net.view = { zoom: clamp(view.zoom, ZOOM.least, ZOOM.most), x: clamp(view.x, -1, 2), y: clamp(view.y, -1, 2) }
  views.set(net.given.name, net.view)
  cancelAnimationFrame(net.waiting)
  net.waiting = requestAnimationFrame(() => net.gone || draw(net))
}

function move(net, right, down) {
  const { width, height } = frameOf(net), { zoom, x, y } = net.view
  look(net, { zoom, x: x - right / width / zoom, y: y - down / height / zoom })
}

// Zoom so that a point of the drawing stays where it is.
function zoomBy(net, factor, at) {
  const { width, height } = frameOf(net), { zoom, x, y } = net.view
  const next = clamp(zoom * factor, ZOOM.least, ZOOM.most), by = 1 / zoom - 1 / next
  const right = (at.x - FRAME_PX.left) / width - 0.5, down = (at.y - FRAME_PX.top) / height - 0.5
  look(net, { zoom: next, x: x + right * by, y: y + down * by })
}

const middle = net => ({ x: FRAME_PX.left + frameOf(net).width / 2, y: FRAME_PX.top + frameOf(net).height / 2 })

function press(net, event) {
  if (event.target !== net.place || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === "0") look(net, WHOLE)
  else if (event.key === "+" || event.key === "=") zoomBy(net, ZOOM.step, middle(net))
  else if (event.key === "-") zoomBy(net, 1 / ZOOM.step, middle(net))
  else if (KEYS[event.key]) move(net, ...KEYS[event.key])
  else return
  event.preventDefault()
}

function listen(net) {
  const { svg, place } = net
  svg.addEventListener("wheel", event => {
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    zoomBy(net, Math.exp(clamp(-event.deltaY, -300, 300) / 500), whereIs(net, event))
  }, { passive: false })
  svg.addEventListener("pointerdown", event => {
    if (event.button) return
    net.drag = { x: event.clientX, y: event.clientY, moved: false }
    svg.setPointerCapture(event.pointerId)
  })
  svg.addEventListener("pointermove", event => {
    const drag = net.drag
    if (drag && (drag.moved || Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > DRAG_PX)) {
      move(net, event.clientX - drag.x, event.clientY - drag.y)
      net.drag = { x: event.clientX, y: event.clientY, moved: true }
    }
    hover(net, event)
  })
  svg.addEventListener("pointerup", event => {
    const moved = net.drag?.moved
    net.drag = null
    const found = net.nodes && !moved && find(net, whereIs(net, event))
    if (found) net.tell("pick", found.id ?? [found.from.id, found.to.id, found.sign])
  })
  svg.addEventListener("pointercancel", () => (net.drag = null))
  svg.addEventListener("pointerleave", () => leave(net))
  svg.addEventListener("dblclick", event => find(net, whereIs(net, event)) || look(net, WHOLE))
  place.addEventListener("keydown", event => press(net, event))
  net.resized = new ResizeObserver(() => {
    clearTimeout(net.timer)
    const width = place.clientWidth
    if (!width || width === net.width) return
    net.timer = setTimeout(() => {
      net.width = width
      draw(net)
    }, net.width ? REST_MS : 0)
  })
  net.resized.observe(place)
}

function makeNet(parent) {
  const place = document.createElement("div"), tip = document.createElement("div")
  place.className = "timeline-network"
  place.tabIndex = 0
  place.setAttribute("role", "group")
  tip.className = "tip"
  tip.hidden = true
  const svg = make("svg", { width: "100%", height: HEIGHT_PX, "aria-hidden": "true" })
  place.append(svg, tip)
  parent.append(place)  // our style sheet stands there too
  const net = { place, svg, tip, text: "", width: place.clientWidth, font: getComputedStyle(place).fontFamily }
  listen(net)
  return net
}

export default function ({ data, parentElement, setTriggerValue }) {
  const net = (parentElement.timelineNetwork ??= makeNet(parentElement))
  net.tell = setTriggerValue
  const text = new TextDecoder().decode(data)
  if (text !== net.text) {
    net.text = text
    net.given = JSON.parse(text)
    net.view = views.get(net.given.name) ?? WHOLE
    net.place.setAttribute("aria-label", net.given.words)
    const { text: ink, background, surface, grid, accent } = net.given.network.colours
    const colours = { ink, background, surface, grid, accent }
    for (const [name, value] of Object.entries(colours)) net.place.style.setProperty(`--network-${name}`, value)
    draw(net)
  }
  return () => {
    net.gone = true
    net.resized.disconnect()
    delete parentElement.timelineNetwork
  }
}
