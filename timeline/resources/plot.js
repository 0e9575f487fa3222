// Draws a figure with plotly.js in an element that is kept: another figure is drawn by Plotly.react, which keeps what
// is costly to make, above all the canvas of painted marks. The reader's zoom is kept here for as long as `revision`
// stays, also while the chart is off the page. What is selected is drawn as shapes above the figure, which is not drawn
// anew for it.
// `data` is either a figure, as bytes of JSON: name, figure, config, revision, words (the text equal), script (where
// plotly.js is); or marks: name, shapes, dim (whether the rest steps back). Names tie the two together.

const REST_MS = 120  // after the last change of the page's width
const NAME_GAP_PX = 6
const STEP = 0.25  // of what is shown, for a key
const NOTHING_PAINTED = { type: "scattergl", x: [null], y: [null], mode: "markers", hoverinfo: "skip" }
const KEYS = {
  ArrowLeft: ["xaxis", -STEP, -STEP], ArrowRight: ["xaxis", STEP, STEP], ArrowUp: ["yaxis", STEP, STEP],
  ArrowDown: ["yaxis", -STEP, -STEP], "+": ["", STEP, -STEP], "=": ["", STEP, -STEP], "-": ["", -STEP, STEP],
}

const pen = document.createElement("canvas").getContext("2d")
const plots = new Map()  // name → the plot that is on the page
const marks = new Map()  // name → what is selected
const views = new Map()  // name → the reader's zoom: revision and ranges by axis

const toNumber = end => (typeof end === "number" ? end : Date.parse(`${end.replace(" ", "T")}Z`))
const zoomable = layout => ["xaxis", "yaxis"].filter(axis => layout[axis] && !layout[axis].fixedrange)

// The figure's layout as it is to be drawn: as wide as its place, at the reader's zoom, with the marks above.
function writeLayout(plot, family = plot.given.figure.layout.font.family) {
  const { figure, name, revision } = plot.given
  const layout = { ...figure.layout, width: plot.place.clientWidth, font: { ...figure.layout.font, family } }
  const view = views.get(name)
  if (view && view.revision !== revision) views.delete(name)
  else if (view) {
    for (const [axis, range] of Object.entries(view.ranges)) layout[axis] = { ...layout[axis], range: [...range] }
  }
  layout.shapes = listShapes(plot)
  fitNames(layout)
  return layout
}

// Room for the names of lanes, measured before they are drawn: Plotly's own `automargin` draws the chart twice.
function fitNames(layout) {
  const axis = layout.yaxis
  if (!axis?.automargin || !axis.ticktext) return
  pen.font = `${axis.tickfont?.size ?? 13}px ${layout.font.family}`
  const widths = axis.ticktext.map(name => pen.measureText(name.replace(/&(lt|gt|amp);/g, "&")).width)
  layout.yaxis = { ...axis, automargin: false }
  layout.margin = { ...layout.margin, l: layout.margin.l + Math.ceil(Math.max(0, ...widths)) + NAME_GAP_PX }
}

// Figures with and without painted marks follow each other; the canvas is kept, since a new one takes a second where
// no graphics card is.
function listTraces(plot) {
  const traces = structuredClone(plot.given.figure.data)
  if (traces.some(trace => trace.type === "scattergl")) plot.painted = true
  else if (plot.painted) traces.push({ ...NOTHING_PAINTED })
  return traces
}

function listShapes(plot) {
  return [...(plot.given.figure.layout.shapes ?? []), ...(marks.get(plot.given.name)?.shapes ?? [])]
}

function dim(plot) {
  plot.place.classList.toggle("timeline-dimmed", !!marks.get(plot.given.name)?.dim)
}

function drawMarks(plot) {
  window.Plotly.relayout(plot.place, { shapes: listShapes(plot) })
  dim(plot)
}

async function draw(plot) {
  const Plotly = await fetchPlotly(plot.given.script)
  if (plot.gone) return
  if (!plot.heard) plot.place.replaceChildren()  // what was said in its place
  plot.config ??= writeConfig(plot, Plotly)
  const drawn = marks.get(plot.given.name)
  // Plotly writes into what it draws; the figure is kept as it came.
  await Plotly.react(plot.place, listTraces(plot), structuredClone(writeLayout(plot)), plot.config)
  if (plot.gone) return
  dim(plot)
  if (!plot.heard) listen(plot, Plotly)
  if (marks.get(plot.given.name) !== drawn) drawMarks(plot)  // they came meanwhile
}

// Made once: for another one, and be it another function that does the same, Plotly makes the whole chart anew.
function writeConfig(plot, Plotly) {
  const whole = { name: "whole", title: "Show everything", icon: Plotly.Icons.home, click: () => showWhole(plot) }
  const picture = { name: "picture", title: "Download as PNG", icon: Plotly.Icons.camera, click: () => takePicture(plot) }
  return { ...plot.given.config, doubleClick: false, modeBarButtonsToAdd: [picture, whole] }
}

// What is seen as a file, on the page's ground: words for a dark one cannot be read on a white slide. The page's own
// letters are not known in a picture.
function takePicture(plot) {
  const ground = getComputedStyle(document.querySelector("[data-testid=stApp]") ?? document.body).backgroundColor
  const layout = { ...structuredClone(writeLayout(plot, "sans-serif")), paper_bgcolor: ground }
  const { width, height } = layout
  return window.Plotly.downloadImage(
    { data: listTraces(plot), layout }, { format: "png", scale: 2, filename: plot.given.name, width, height })
}

// Back to what the figure was drawn with; from there to all that it holds.
function showWhole(plot) {
  const { figure, name } = plot.given
  const zoomed = views.delete(name)
  const change = {}
  for (const axis of zoomable(plot.place.layout)) {
    const range = figure.layout[axis].range
    if (zoomed && range) change[`${axis}.range`] = [...range]
    else change[`${axis}.autorange`] = true
  }
  return window.Plotly.relayout(plot.place, change)
}

function listen(plot, Plotly) {
  plot.heard = true
  const place = plot.place
  place.on("plotly_click", ({ points }) => {
    const found = points.find(point => point.customdata !== undefined && point.customdata !== null)
    if (found) plot.setTriggerValue("pick", found.customdata)
  })
  place.on("plotly_doubleclick", () => showWhole(plot))
  place.on("plotly_relayout", change => {
    if (!Object.keys(change).some(key => /axis\.range/.test(key))) return
    const given = plot.given.figure.layout
    const axes = zoomable(place.layout).filter(axis => place.layout[axis].range)
    const ranges = Object.fromEntries(axes.map(axis => [axis, [...place.layout[axis].range]]))
    const moved = axes.some(axis => String(ranges[axis].map(toNumber)) !== String(given[axis].range?.map(toNumber)))
    if (moved) views.set(plot.given.name, { revision: plot.given.revision, ranges })
  })
  place.addEventListener("keydown", event => press(plot, event))
  plot.resized = new ResizeObserver(() => {
    clearTimeout(plot.timer)
    plot.timer = setTimeout(() => {
      const width = place.clientWidth
      if (!plot.gone && width && place.layout.width !== width) Plotly.relayout(place, { width })
    }, REST_MS)
  })
  plot.resized.observe(place)
}

// The keyboard: arrows move, plus and minus zoom, 0 shows everything.
function press(plot, event) {
  if (event.target !== plot.place || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === "0") showWhole(plot)
  const [only, first, last] = KEYS[event.key] ?? []
  const axes = zoomable(plot.place.layout).filter(axis => !only || axis === only)
  if (first === undefined || !axes.length) return
  event.preventDefault()
  const change = {}
  for (const axis of axes) {
    const [low, high] = plot.place.layout[axis].range.map(toNumber)
    const ends = [low + (high - low) * first, high + (high - low) * last]
    const isDate = plot.place.layout[axis].type === "date"
    change[`${axis}.range`] = isDate ? ends.map(end => new Date(end).toISOString().slice(0, 23)) : ends
  }
  window.Plotly.relayout(plot.place, change)
}

function makePlot(parent) {
  const place = document.createElement("div")
  place.tabIndex = 0
  place.setAttribute("role", "group")
  parent.replaceChildren(place)
  return { place, gone: false, heard: false, text: "" }
}

function showFigure({ data, parentElement, setTriggerValue }) {
  const plot = (parentElement.timelinePlot ??= makePlot(parentElement))
  plot.setTriggerValue = setTriggerValue
  const text = new TextDecoder().decode(data)
  if (text !== plot.text) {
    plot.text = text
    plot.given = JSON.parse(text)
    plot.place.setAttribute("aria-label", plot.given.words)
    plot.place.style.height = `${plot.given.figure.layout.height}px`
    plots.set(plot.given.name, plot)
    draw(plot).catch(error => {
      plot.text = ""
      plot.place.textContent = `This chart cannot be drawn (${error.message}). The table view lists the same.`
    })
  }
  return () => {
    plot.gone = true
    plot.resized?.disconnect()
    if (plots.get(plot.given.name) === plot) plots.delete(plot.given.name)
    delete parentElement.timelinePlot
    window.Plotly?.purge(plot.place)
  }
}

function showMarks(data) {
  const before = JSON.stringify(marks.get(data.name) ?? null)
  marks.set(data.name, data)
  const plot = plots.get(data.name)
  if (!plot?.heard || JSON.stringify(data) === before) return undefined  // not drawn yet: it will be with them
  drawMarks(plot)
  return undefined
}

export default function (given) {
  return given.data instanceof Uint8Array ? showFigure(given) : showMarks(given.data)
}
