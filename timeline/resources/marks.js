// Marks the selection on the timeline of many events, whose marks are painted where no style sheet reaches them.
// The chart itself is never touched, so its zoom stays: what is selected is drawn again above it, at the same places,
// and the rest is dimmed. `data`: scope (class around the chart), ids (of events), lanes (rows), and colours.

const SVG = "http://www.w3.org/2000/svg"

function make(name, attributes, parent) {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  parent.appendChild(made)
  return made
}

function axisOf(layout, name) {
  return layout[name[0] + "axis" + name.slice(1)]
}

// Rings around the selected events; returns how many are within the axes.
function drawRings(chart, layer, data) {
  const wanted = new Set(data.ids)
  let drawn = 0
  for (const trace of chart._fullData) {
    if (trace.type !== "scattergl" || trace.visible !== true || !trace.customdata) continue
    const x = axisOf(chart._fullLayout, trace.xaxis), y = axisOf(chart._fullLayout, trace.yaxis)
    for (let i = 0; i < trace.x.length; i++) {
      if (!wanted.has(String(trace.customdata[i]))) continue
      const left = x.d2p(trace.x[i]), top = y.d2p(trace.y[i])
      drawn += 1
      if (left < 0 || left > x._length) continue
      const size = Array.isArray(trace.marker.size) || ArrayBuffer.isView(trace.marker.size) ? trace.marker.size[i] : trace.marker.size
      const place = { cx: x._offset + left, cy: y._offset + top, r: size / 2 + 2 }
      make("circle", { ...place, fill: trace.marker.colorscale[1][1], stroke: data.stroke, "stroke-width": 1.5 }, layer)
    }
  }
  return drawn
}

// Veils over the lanes that have nothing selected, where lanes hold counts.
function drawVeils(chart, layer, data) {
  const x = chart._fullLayout.xaxis, y = chart._fullLayout.yaxis
  const chosen = new Set(data.lanes)
  const last = Math.round(Math.max(...y.range) - 0.5)
  for (let row = 0; row <= last; row++) {
    if (chosen.has(row)) continue
    const top = y.d2p(row - 0.5)
    make("rect", { x: x._offset, y: y._offset + top, width: x._length, height: y.d2p(row + 0.5) - top, fill: data.ground, opacity: 0.7 }, layer)
  }
  return chosen.size
}

function draw(chart, layer, data) {
  layer.replaceChildren()
  const counts = chart._fullData.some(trace => trace.type === "heatmap")
  const drawn = counts ? drawVeils(chart, layer, data) : drawRings(chart, layer, data)
  for (const canvas of chart.querySelectorAll(".gl-canvas")) canvas.style.opacity = drawn && !counts ? 0.25 : ""
}

const running = new WeakMap()  // called again with new data, we are not told that the last is over

export default function ({ data, parentElement }) {
  running.get(parentElement)?.()
  let chart = null, layer = null
  const redraw = () => chart && chart._fullLayout && draw(chart, layer, data)
  const release = () => {
    if (!chart) return
    for (const name of ["plotly_afterplot", "plotly_relayouting"]) chart.removeListener && chart.removeListener(name, redraw)
    for (const canvas of chart.querySelectorAll(".gl-canvas")) canvas.style.opacity = ""
    layer.remove()
    chart = layer = null
  }
  const attach = () => {
    const found = document.querySelector(`.${data.scope} .js-plotly-plot`)
    if (chart && (found !== chart || !layer.isConnected)) release()
    if (chart || !found || !found._fullData || !found.on || !data.ids.length) return
    chart = found
    const frame = chart.querySelector(".svg-container") || chart
    layer = make("svg", { class: "timeline-marks", "aria-hidden": "true", style: "position:absolute;inset:0;width:100%;height:100%;pointer-events:none" }, frame)
    for (const name of ["plotly_afterplot", "plotly_relayouting"]) chart.on(name, redraw)
    redraw()
  }
  attach()
  const watch = setInterval(attach, 200)  // the chart comes and goes without notice
  const stop = () => { clearInterval(watch); release() }
  running.set(parentElement, stop)
  return stop
}
