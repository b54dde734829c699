// Draws every figure[data-chart]: the option is JSON in the page, made by the server. JSON cannot carry functions or
// theme colours, so two notations are resolved here: "fn:percent" (also points, integer, number) for formatters and "var(--os-…)" for
// colours of the style sheet. The table beside the figure stays whatever happens here.
import * as echarts from 'echarts/core'
import { BarChart, BoxplotChart, HeatmapChart, LineChart, MapChart, RadarChart, ScatterChart, EffectScatterChart } from 'echarts/charts'
import {
  AriaComponent, DatasetComponent, GeoComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, MarkPointComponent,
  RadarComponent, TitleComponent, TooltipComponent, VisualMapComponent, VisualMapPiecewiseComponent, TransformComponent
} from 'echarts/components'
import { SVGRenderer } from 'echarts/renderers'
import { formatters } from './formatters.js'
import { addDownloads } from './downloads.js'

echarts.use([BarChart, BoxplotChart, HeatmapChart, LineChart, MapChart, RadarChart, ScatterChart, EffectScatterChart,
  AriaComponent, DatasetComponent, GeoComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, MarkPointComponent,
  RadarComponent, TitleComponent, TooltipComponent, VisualMapComponent, VisualMapPiecewiseComponent, TransformComponent, SVGRenderer])

const language = document.documentElement.lang || 'de'
const format = formatters(language)
const drawn = []

function resolve (value, colours) {
  if (Array.isArray(value)) return value.map(v => resolve(v, colours))
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v, colours)]))
  if (typeof value !== 'string') return value
  const colour = /^var\((--os-[a-z0-9-]+)\)$/.exec(value)
  if (colour) return colours.getPropertyValue(colour[1]).trim()
  if (value.startsWith('fn:')) {
    const name = value.slice(3)
    if (!format[name]) throw new Error(`unknown chart formatter ${name}`)
    return format[name]
  }
  return value
}

function withDefaults (option, colours) {
  const text = colours.getPropertyValue('--os-chart-text').trim()
  const background = colours.getPropertyValue('--os-chart-background').trim()
  return {
    animation: false,
    ...option,
    textStyle: { fontFamily: '"Fira Sans", sans-serif', fontSize: 14, color: text, ...option.textStyle },
    // Rich text keeps tooltips inside the drawing: an HTML tooltip needs inline styles, which the policy forbids.
    tooltip: option.tooltip && { confine: true, backgroundColor: background, borderColor: text, textStyle: { color: text, fontSize: 14 }, ...option.tooltip, renderMode: 'richText' }
  }
}

async function registerMap (figure) {
  const address = figure.dataset.map
  if (!address) return
  const response = await fetch(address, { headers: { Accept: 'application/json' } })
  if (!response.ok) throw new Error(`map: ${response.status}`)
  echarts.registerMap(figure.dataset.mapName || 'towns', { geoJSON: await response.json() })
}

async function draw (figure) {
  const canvas = figure.querySelector('.os-chart__canvas')
  const source = figure.querySelector('script[type="application/json"]')
  if (!canvas || !source) return
  await registerMap(figure)
  const raw = JSON.parse(source.textContent)
  const chart = echarts.init(canvas, null, { renderer: 'svg' })
  const entry = {
    chart,
    canvas,
    raw,
    paint: () => {
      const colours = getComputedStyle(document.documentElement)
      chart.setOption(withDefaults(resolve(raw, colours), colours), true)
    }
  }
  entry.paint()
  canvas.dataset.drawn = 'true'
  drawn.push(entry)
  new ResizeObserver(() => chart.resize()).observe(canvas)
  addDownloads(figure, chart)
}

for (const figure of document.querySelectorAll('figure[data-chart]')) {
  draw(figure).catch(error => {
    const canvas = figure.querySelector('.os-chart__canvas')
    if (canvas) canvas.dataset.drawn = 'false'
    console.error(error)
  })
}

const repaint = () => { for (const { paint } of drawn) paint() }
document.addEventListener('os:theme', repaint)
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint)

// Paper is white: paint with the light colours while printing, then as before.
let themeBefore
window.addEventListener('beforeprint', () => {
  themeBefore = document.documentElement.getAttribute('data-kern-theme')
  document.documentElement.setAttribute('data-kern-theme', 'light')
  for (const { chart, paint } of drawn) { paint(); chart.resize() }
})
window.addEventListener('afterprint', () => {
  if (themeBefore) document.documentElement.setAttribute('data-kern-theme', themeBefore)
  else document.documentElement.removeAttribute('data-kern-theme')
  for (const { chart, paint } of drawn) { paint(); chart.resize() }
})
