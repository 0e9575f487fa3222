// Tells the session where the reader has zoomed to, so that a network drawn anew for another filter keeps its view.
// `data`: scope (class around the chart), two actors far apart (opacity, x, y), the frame in pixels (left, right, top,
// bottom) and the size of what is drawn in it (width, height).

const REST_MS = 250  // after the last turn of the wheel

const round = (number, digits) => Math.round(number * 10 ** digits) / 10 ** digits

// The place of an actor in the drawing; it is told by its opacity.
function findActor(svg, actor) {
  const path = svg.querySelector(`path[fill-opacity="${actor.opacity}"]`)
  if (!path) return null
  const box = path.getBoundingClientRect(), frame = svg.getBoundingClientRect()
  return { left: box.x + box.width / 2 - frame.x, top: box.y + box.height / 2 - frame.y }
}

// How many times the network is enlarged and which point of it is in the middle; null where nothing is zoomed.
function readView(svg, data) {
  const [first, second] = data.actors, a = findActor(svg, first), b = findActor(svg, second)
  if (!a || !b) return undefined
  const scale = Math.hypot(a.left - b.left, a.top - b.top) / Math.hypot(first.x - second.x, first.y - second.y)
  const width = svg.clientWidth - data.frame.left - data.frame.right
  const height = svg.clientHeight - data.frame.top - data.frame.bottom
  const zoom = scale / Math.min(width / data.size.width, height / data.size.height)
  const middle = { left: data.frame.left + width / 2, top: data.frame.top + height / 2 }
  const x = first.x + (middle.left - a.left) / scale, y = first.y + (middle.top - a.top) / scale
  const off = Math.hypot(x - data.size.width / 2, y - data.size.height / 2) * scale
  return Math.abs(zoom - 1) < 0.01 && off < 2 ? null : [round(zoom, 3), round(x, 1), round(y, 1)]
}

function watch(data, setStateValue) {
  let timer = 0
  const tell = () => {
    const svg = document.querySelector(`.${data.scope} [data-testid=stEChartsChart] svg`)
    const found = svg && data.actors ? readView(svg, data) : undefined
    if (found !== undefined) setStateValue("zoom", found)
  }
  const rest = event => {
    if (!event.target.closest?.(`.${data.scope}`)) return
    clearTimeout(timer)
    timer = setTimeout(tell, REST_MS)
  }
  const gestures = ["wheel", "pointerup"]
  for (const name of gestures) document.addEventListener(name, rest, { capture: true, passive: true })
  return () => {
    clearTimeout(timer)
    for (const name of gestures) document.removeEventListener(name, rest, { capture: true })
  }
}

const running = new WeakMap()  // called again with new data, we are not told that the last is over

export default function ({ data, parentElement, setStateValue }) {
  running.get(parentElement)?.()
  const stop = watch(data, setStateValue)
  running.set(parentElement, stop)
  return stop
}
