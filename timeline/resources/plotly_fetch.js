// Has the browser fetch plotly.js from our own server, once for a page however often it is asked for.
function fetchPlotly(file) {
  const base = document.querySelector('script[src*="/static/js/"]')?.src.split("static/js/")[0] ?? "/"
  window.timelinePlotly ??= new Promise((done, fail) => {
    const tag = document.createElement("script")
    tag.src = base + file
    tag.onload = () => done(window.Plotly)
    tag.onerror = () => {
      delete window.timelinePlotly  // asked for anew, it may come
      fail(new Error(`no answer for ${tag.src}`))
    }
    document.head.append(tag)
  })
  return window.timelinePlotly
}
