// Draws every figure[data-chart]: the option is JSON in the page, made by the server. JSON cannot carry functions, theme
// colours or sizes that depend on the screen, so three notations are resolved here: "fn:points" where ECharts takes a formatter,
// "var(--os-chart-own)" where it takes a colour, and the key "os" for what this file does itself. Names of towns and sections
// are never looked at. The table beside the figure stays whatever happens here.
import * as echarts from 'echarts/core'
import { BarChart, BoxplotChart, HeatmapChart, MapChart, RadarChart, ScatterChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, RadarComponent, TooltipComponent, VisualMapPiecewiseComponent } from 'echarts/components'
import { LabelLayout } from 'echarts/features'
import { SVGRenderer } from 'echarts/renderers'
import { formatters } from './formatters.js'
import { addDownloads } from './downloads.js'

echarts.use([BarChart, BoxplotChart, HeatmapChart, MapChart, RadarChart, ScatterChart,
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

// even gives a map of circles the shape it has on the ground, as large as fits, and its circles the same scale.
function even (option, { aspect, width: planned }, canvas) {
  const room = { width: canvas.clientWidth - 60, height: canvas.clientHeight - 110 }
  const width = Math.min(room.width, room.height * aspect)
  const height = width / aspect
  const scale = Math.min(1.5, Math.max(0.5, width / planned))
  option.grid = { left: (canvas.clientWidth - width) / 2, width, top: 70 + (room.height - height) / 2, height }
  for (const series of option.series) {
    for (const point of series.data) if (point.symbolSize) point.symbolSize *= scale
  }
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
  if (Number(canvas.dataset.height) > 0) canvas.style.height = `${Number(canvas.dataset.height)}px`
  const entry = {
    canvas,
    paint: () => {
      const colours = getComputedStyle(document.documentElement)
      const option = withDefaults(resolve(raw, '', colours), colours)
      if (os.aspect) even(option, os, canvas)
      entry.chart.setOption(option, true)
    },
    fit: () => {
      if (!canvas.clientWidth) return
      entry.chart.resize()
      if (os.aspect) entry.paint()
    }
  }
  const begin = () => {
    canvas.dataset.drawn = 'true'
    for (const table of figure.querySelectorAll('details[data-chart-table]')) table.open = false
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

// Paper is white: paint with the light colours while printing, then as before.
let themeBefore
window.addEventListener('beforeprint', () => {
  themeBefore = document.documentElement.getAttribute('data-kern-theme')
  document.documentElement.setAttribute('data-kern-theme', 'light')
  for (const { paint, fit } of drawn) { paint(); fit() }
})
window.addEventListener('afterprint', () => {
  if (themeBefore) document.documentElement.setAttribute('data-kern-theme', themeBefore)
  else document.documentElement.removeAttribute('data-kern-theme')
  for (const { paint, fit } of drawn) { paint(); fit() }
})
