// The picture for the slides: SVG and PNG with the title above, PNG at three times the size on a solid ground.
const titleHeight = 56

export function addDownloads (figure, chart) {
  const tools = figure.querySelector('.os-chart__tools')
  if (!tools) return
  for (const button of tools.querySelectorAll('button[data-download]')) {
    button.hidden = false
    button.addEventListener('click', () => (button.dataset.download === 'png' ? savePng : saveSvg)(figure, chart))
  }
}

// "Alle Bereiche im Vergleich" on 22 November 2026: alle-bereiche-im-vergleich-2026-11-22
function fileName (figure) {
  const spelled = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' }
  const words = titleOf(figure).toLowerCase().replace(/[äöüß]/g, c => spelled[c]).normalize('NFKD').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format(new Date())
  return `${words.slice(0, 60) || 'ortsspiegel'}-${day}`
}

function titleOf (figure) {
  return figure.querySelector('.os-chart__title')?.textContent.trim() ?? ''
}

// withTitle puts the drawing under its title; the title goes in as text, never as markup.
function withTitle (figure, chart) {
  const namespace = 'http://www.w3.org/2000/svg'
  const [width, height] = [chart.getWidth(), chart.getHeight()]
  const drawing = new DOMParser().parseFromString(chart.renderToSVGString(), 'image/svg+xml').documentElement
  const page = document.createElementNS(namespace, 'svg')
  const colours = getComputedStyle(document.documentElement)
  const set = (element, attributes) => { for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value) }
  set(page, { width, height: height + titleHeight, viewBox: `0 0 ${width} ${height + titleHeight}` })
  const ground = document.createElementNS(namespace, 'rect')
  set(ground, { width: '100%', height: '100%', fill: colours.getPropertyValue('--os-chart-background').trim() })
  const title = document.createElementNS(namespace, 'text')
  const text = titleOf(figure)
  set(title, { x: 12, y: 32, 'font-family': '"Fira Sans", "Segoe UI", Arial, sans-serif', 'font-size': Math.max(11, Math.min(20, 1.7 * width / text.length)), 'font-weight': 600, fill: colours.getPropertyValue('--os-chart-text').trim() })
  title.textContent = text
  set(drawing, { x: 0, y: titleHeight })
  page.append(ground, title, drawing)
  return new XMLSerializer().serializeToString(page)
}

function saveSvg (figure, chart) {
  save(new Blob([withTitle(figure, chart)], { type: 'image/svg+xml' }), fileName(figure) + '.svg')
}

function savePng (figure, chart) {
  const scale = 3
  const image = new Image()
  image.onload = () => {
    const canvas = document.createElement('canvas')
    canvas.width = chart.getWidth() * scale
    canvas.height = (chart.getHeight() + titleHeight) * scale
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height)
    canvas.toBlob(blob => save(blob, fileName(figure) + '.png'), 'image/png')
  }
  // img-src allows data: addresses, not blob: ones.
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(withTitle(figure, chart))
}

function save (blob, name) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10000)
}
