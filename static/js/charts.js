// Draws every figure[data-chart]: the option is JSON in the page, made by the server. JSON cannot carry functions, theme
// colours or sizes that depend on the screen, so three notations are resolved here: "fn:points" where ECharts takes a formatter,
// "var(--os-chart-own)" where it takes a colour, and the key "os" for what this file does itself. Names of towns and sections
// are never looked at. The table beside the figure stays whatever happens here.
import * as echarts from 'echarts/core'
import { BarChart, BoxplotChart, HeatmapChart, LinesChart, MapChart, RadarChart, ScatterChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, RadarComponent, TooltipComponent, VisualMapPiecewiseComponent } from 'echarts/components'
import { LabelLayout } from 'echarts/features'
import { SVGRenderer } from 'echarts/renderers'
import { formatters } from './formatters.js'
import { addDownloads } from './downloads.js'

echarts.use([BarChart, BoxplotChart, HeatmapChart, LinesChart, MapChart, RadarChart, ScatterChart,
  AriaComponent, GridComponent, LegendComponent, RadarComponent, TooltipComponent, VisualMapPiecewiseComponent, LabelLayout, SVGRenderer])

const format = formatters(document.documentElement.lang || 'de')
const drawn = []

const isFormatter = key => key === 'formatter' || key === 'valueFormatter'
const isColour = key => key === 'color' || key === 'areaColor' || key.endsWith('Color')

function resolve (value, key, colours) {
  if (Array.isArray(value)) return value.map(v => resolve(v, key, colours))
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v, k, colours)]))
  if (typeof value !== 'string') return value
  if (isColour(key)) {
    const colour = /^var\((--os-[a-z0-9-]+)\)$/.exec(value)
    return colour ? colours.getPropertyValue(colour[1]).trim() : value
  }
  if (isFormatter(key)) {
    const show = value.startsWith('fn:') && format[value.slice(3)]
    if (!show) throw new Error(`unknown chart formatter ${value}`)
    return show
  }
  return value
}

function withDefaults (option, colours) {
  const text = colours.getPropertyValue('--os-chart-text').trim()
  const background = colours.getPropertyValue('--os-chart-background').trim()
  return {
    ...option,
    // Pictures stand still: for those who cannot bear motion, and so that paper never catches half a bar.
    animation: false,
    // ECharts writes the family into an attribute as it is: quotes would break a saved picture.
    textStyle: { fontFamily: 'Fira Sans, sans-serif', fontSize: 14, color: text, ...option.textStyle },
    // Rich text keeps tooltips inside the drawing: an HTML tooltip needs inline styles, which the policy forbids.
    tooltip: { confine: true, backgroundColor: background, borderColor: text, borderWidth: 1, textStyle: { color: text, fontSize: 14, lineHeight: 20 }, ...option.tooltip, renderMode: 'richText' }
  }
}

// layoutFor is the widest arrangement of a map of circles that has room, if the picture is one.
const layoutFor = ({ layouts = [] }, width) => layouts.findLast(l => l.from <= width) ?? layouts[0]

// arrange puts circles, names and their lines where the server has found room for them, in the middle of the picture.
function arrange (option, layout, width) {
  const [circles] = option.series
  const names = option.series.at(-1)
  const lines = option.series.at(-2)
  circles.data = circles.data.map((point, i) => {
    const [x, y, size] = layout.circles[i]
    return { ...point, value: [x, y], symbolSize: size, text: layout.numbers ? point.number : point.text }
  })
  names.data = layout.names.map(([i, x, y]) => ({ value: [x, y], text: circles.data[i].name }))
  lines.data = layout.lines.map(([x1, y1, x2, y2]) => ({ coords: [[x1, y1], [x2, y2]] }))
  option.xAxis = [].concat(option.xAxis).map(axis => ({ ...axis, min: 0, max: layout.width }))
  option.yAxis = [].concat(option.yAxis).map(axis => ({ ...axis, min: 0, max: layout.height }))
  option.grid = { left: (width - layout.width) / 2, width: layout.width, top: layout.top, height: layout.height }
}

const heightOf = ({ canvas, os }, width) => {
  const layout = layoutFor(os, width)
  return layout ? layout.top + layout.height : Number(canvas.dataset.height)
}

// optionFor is what ECharts gets for a picture of this width. rows, if given, are the first and the last row to be drawn.
function optionFor ({ raw, os }, width, rows) {
  const colours = getComputedStyle(document.documentElement)
  const option = withDefaults(resolve(raw, '', colours), colours)
  const layout = layoutFor(os, width)
  if (layout) arrange(option, layout, width)
  if (rows) option.yAxis = [].concat(option.yAxis).map(axis => ({ ...axis, min: rows[0], max: rows[1] }))
  return option
}

// Where names have no room, numbers stand in the picture and the key says whose they are.
function showKey ({ figure, os }, width) {
  figure.toggleAttribute('data-numbers', width < (os.keyBelow ?? 0))
}

// With a view box the drawing follows whatever width a style sheet gives it.
function fitBox (place, width, height) {
  place.querySelector('svg')?.setAttribute('viewBox', `0 0 ${width} ${height}`)
}

async function registerMap (figure) {
  const address = figure.dataset.map
  if (!address) return
  const response = await fetch(address, { headers: { Accept: 'application/json' } })
  if (!response.ok) throw new Error(`map: ${response.status}`)
  echarts.registerMap(figure.dataset.mapName || 'towns', { geoJSON: await response.json() })
}

// giveUp leaves the table, opened, in the picture's place.
function giveUp (figure, error) {
  const canvas = figure.querySelector('.os-chart__canvas')
  if (canvas) {
    canvas.dataset.drawn = 'false'
    canvas.style.height = ''
  }
  for (const table of figure.querySelectorAll('details[data-chart-table]')) table.open = true
  console.error(error)
}

async function draw (figure) {
  const canvas = figure.querySelector('.os-chart__canvas')
  const source = figure.querySelector('script[type="application/json"]')
  if (!canvas || !source) return
  await registerMap(figure)
  const { os = {}, ...raw } = JSON.parse(source.textContent)
  const entry = {
    figure,
    canvas,
    raw,
    os,
    paint: () => {
      entry.chart.setOption(optionFor(entry, canvas.clientWidth), true)
      fitBox(canvas, entry.chart.getWidth(), entry.chart.getHeight())
    },
    size: () => {
      const height = heightOf(entry, canvas.clientWidth)
      if (height > 0) canvas.style.height = `${height}px`
      showKey(entry, canvas.clientWidth)
    },
    fit: () => {
      if (!canvas.clientWidth) return
      entry.size()
      entry.chart.resize()
      if (os.layouts) entry.paint()
      fitBox(canvas, entry.chart.getWidth(), entry.chart.getHeight())
    }
  }
  const begin = () => {
    canvas.dataset.drawn = 'true'
    for (const table of figure.querySelectorAll('details[data-chart-table]')) table.open = false
    entry.size()
    entry.chart = echarts.init(canvas, null, { renderer: 'svg' })
    entry.paint()
    drawn.push(entry)
    addDownloads(figure, entry.chart)
  }
  // In a closed disclosure there is no room yet: the picture is drawn when there is.
  new ResizeObserver(() => {
    if (entry.chart) entry.fit()
    else if (canvas.clientWidth && canvas.dataset.drawn !== 'false') {
      try { begin() } catch (error) { giveUp(figure, error) }
    }
  }).observe(canvas)
}

for (const figure of document.querySelectorAll('figure[data-chart]')) {
  draw(figure).catch(error => giveUp(figure, error))
}

const repaint = () => { for (const { paint } of drawn) paint() }
document.addEventListener('os:theme', repaint)
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint)

// Paper has a width of its own, which no script can measure, and pages that end. So each picture is drawn anew for it: in the
// light colours, as wide as A4 allows, and with more rows than a page holds in several parts, short enough to begin on a page that has been begun. The style sheet shows these in
// print instead of the screen's and fits them to other paper.
const paper = { width: 640, height: 800, part: 520 }

// parts are the heights of a picture's pieces on paper, each with the rows it holds.
function parts ({ canvas, raw, os }, height) {
  const rows = [].concat(raw.yAxis ?? [])[0]?.data?.length ?? 0
  if (height <= paper.height || !os.each || !rows) return [{ height: Math.min(height, paper.height) }]
  const frame = height - rows * os.each
  const pages = Math.ceil(rows / Math.max(1, Math.floor((paper.part - frame) / os.each)))
  const each = Math.ceil(rows / pages)
  return Array.from({ length: pages }, (_, i) => {
    const [first, last] = [i * each, Math.min(rows, (i + 1) * each) - 1]
    return { height: frame + (last - first + 1) * os.each, rows: [first, last] }
  }).filter(part => part.rows[0] <= part.rows[1])
}

function layOnPaper (entry) {
  const { figure, canvas } = entry
  entry.sheets = parts(entry, heightOf(entry, paper.width)).map(({ height, rows }) => {
    const place = document.createElement('div')
    place.className = 'os-chart__paper'
    place.setAttribute('role', 'img')
    place.setAttribute('aria-label', canvas.getAttribute('aria-label'))
    canvas.before(place)
    const chart = echarts.init(place, null, { renderer: 'svg', width: paper.width, height })
    chart.setOption(optionFor(entry, paper.width, rows), true)
    fitBox(place, paper.width, height)
    return { place, chart }
  })
  showKey(entry, paper.width)
  figure.toggleAttribute('data-paper', true)
  figure.toggleAttribute('data-parts', entry.sheets.length > 1)
}

function clearPaper (entry) {
  for (const { place, chart } of entry.sheets ?? []) {
    chart.dispose()
    place.remove()
  }
  entry.sheets = []
  entry.figure.removeAttribute('data-paper')
  entry.figure.removeAttribute('data-parts')
  showKey(entry, entry.canvas.clientWidth)
}

let themeBefore
window.addEventListener('beforeprint', () => {
  themeBefore = document.documentElement.getAttribute('data-kern-theme')
  document.documentElement.setAttribute('data-kern-theme', 'light')
  for (const entry of drawn) {
    clearPaper(entry)
    if (entry.canvas.checkVisibility()) layOnPaper(entry)
  }
})
window.addEventListener('afterprint', () => {
  if (themeBefore) document.documentElement.setAttribute('data-kern-theme', themeBefore)
  else document.documentElement.removeAttribute('data-kern-theme')
  for (const entry of drawn) clearPaper(entry)
})
