// Tells how far the timeline is zoomed. Streamlit makes a chart anew when its events change; drawn with the period told
// here it keeps its zoom. `data`: scope (class around the chart).

const running = new WeakMap()  // called again with new data, we are not told that the last is over

export default function ({ data, parentElement, setStateValue }) {
  running.get(parentElement)?.()
  let chart = null
  const tell = change => {
    if (change["xaxis.autorange"]) return setStateValue("period", null)
    const low = change["xaxis.range[0]"] ?? change["xaxis.range"]?.[0]
    const high = change["xaxis.range[1]"] ?? change["xaxis.range"]?.[1]
    if (low !== undefined && high !== undefined) setStateValue("period", [String(low), String(high)])
  }
  const release = () => {
    chart?.removeListener?.("plotly_relayout", tell)
    chart = null
  }
  const attach = () => {
    const found = document.querySelector(`.${data.scope} .js-plotly-plot`)
    if (found === chart || !found?.on) return
    release()
    chart = found
    chart.on("plotly_relayout", tell)
  }
  attach()
  const watch = setInterval(attach, 200)  // the chart comes and goes without notice
  const stop = () => { clearInterval(watch); release() }
  running.set(parentElement, stop)
  return stop
}
