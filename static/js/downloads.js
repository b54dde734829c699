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

const escaped = text => text.replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c])

// withTitle puts the drawing under its title. It is put together as text: parsed into this document, the drawing's inline
// styles would breach the page's policy.
function withTitle (figure, chart) {
  const [width, height] = [chart.getWidth(), chart.getHeight() + titleHeight]
  const colours = getComputedStyle(document.documentElement)
  const colour = name => escaped(colours.getPropertyValue(name).trim())
  const title = titleOf(figure)
  const size = Math.max(11, Math.min(20, 1.7 * width / title.length))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="100%" height="100%" fill="${colour('--os-chart-background')}"/>` +
    `<text x="12" y="32" font-family="Fira Sans, Segoe UI, Arial, sans-serif" font-size="${size}" font-weight="600" fill="${colour('--os-chart-text')}">${escaped(title)}</text>` +
    chart.renderToSVGString().replace('<svg ', `<svg y="${titleHeight}" `) + '</svg>'
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
  image.onerror = () => console.error(`the picture ${titleOf(figure)} cannot be drawn`)
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
