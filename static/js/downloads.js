// The picture for the slides: SVG and PNG with title, finding and source, PNG at three times the size on a solid ground.
// Both carry the page's font: outside the page nobody else knows it.
const margin = 24
const family = 'Fira Sans, Segoe UI, Arial, sans-serif'

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
  const words = textOf(figure, '.os-chart__title').toLowerCase().replace(/[äöüß]/g, c => spelled[c]).normalize('NFKD').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format(new Date())
  return `${words.slice(0, 60) || 'ortsspiegel'}-${day}`
}

const textOf = (figure, selector) => figure.querySelector(selector)?.textContent.trim() ?? ''
const escaped = text => text.replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c])

// fontFaces are the page's fonts as rules that hold the font itself; none if they cannot be had.
let faces
function fontFaces () {
  faces ??= Promise.all([...document.styleSheets].flatMap(sheet => [...sheet.cssRules]).filter(rule => rule instanceof CSSFontFaceRule).map(async rule => {
    const address = /url\("?([^")]+)"?\)/.exec(rule.style.getPropertyValue('src'))?.[1]
    const bytes = new Uint8Array(await (await fetch(new URL(address, rule.parentStyleSheet.href))).arrayBuffer())
    const text = Array.from(bytes, b => String.fromCharCode(b)).join('')
    return `@font-face{font-family:"Fira Sans";font-weight:${rule.style.getPropertyValue('font-weight')};src:url(data:font/woff2;base64,${btoa(text)}) format("woff2")}`
  })).then(list => list.join('')).catch(() => '')
  return faces
}

// linesOf breaks a text between words so that each line fits the width.
function linesOf (text, size, weight, width) {
  const pen = document.createElement('canvas').getContext('2d')
  pen.font = `${weight} ${size}px ${family}`
  const lines = []
  for (const word of text.split(/ +/)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word
    if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines.filter(line => line)
}

// framed puts the drawing between its title and its source. It is put together as text: parsed into this document, the
// drawing's inline styles would breach the page's policy.
function framed (figure, chart, fonts) {
  const colours = getComputedStyle(document.documentElement)
  const colour = name => escaped(colours.getPropertyValue(name).trim())
  const width = chart.getWidth() + 2 * margin
  let y = margin
  let texts = ''
  const write = (text, size, weight, ink) => {
    for (const line of linesOf(text, size, weight, width - 2 * margin)) {
      y += size
      texts += `<text x="${margin}" y="${y}" font-family="${family}" font-size="${size}" font-weight="${weight}" fill="${colour(ink)}">${escaped(line)}</text>`
      y += size * 0.4
    }
  }
  write(textOf(figure, '.os-chart__title'), 20, 600, '--os-chart-text')
  write(textOf(figure, '.os-chart__finding'), 15, 400, '--os-chart-text')
  const top = y + 12
  y = top + chart.getHeight() + 8
  if (figure.hasAttribute('data-numbers')) {
    const key = [...figure.querySelectorAll('.os-chart__key li')].map(item => `${item.value} ${item.textContent.trim()}`)
    write(key.join(' · '), 12, 400, '--os-chart-muted')
  }
  for (const note of figure.querySelectorAll('.os-chart__notes li')) write(note.textContent.trim(), 12, 400, '--os-chart-muted')
  write(figure.dataset.source ?? '', 12, 400, '--os-chart-muted')
  const height = Math.ceil(y + margin / 2)
  return {
    width,
    height,
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
      `<style>${fonts}</style><rect width="100%" height="100%" fill="${colour('--os-chart-background')}"/>${texts}` +
      chart.renderToSVGString().replace('<svg ', `<svg x="${margin}" y="${top}" `) + '</svg>'
  }
}

async function saveSvg (figure, chart) {
  save(new Blob([framed(figure, chart, await fontFaces()).svg], { type: 'image/svg+xml' }), fileName(figure) + '.svg')
}

async function savePng (figure, chart) {
  const scale = 3
  const { width, height, svg } = framed(figure, chart, await fontFaces())
  const image = new Image()
  image.onload = () => {
    const canvas = document.createElement('canvas')
    canvas.width = width * scale
    canvas.height = height * scale
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height)
    canvas.toBlob(blob => save(blob, fileName(figure) + '.png'), 'image/png')
  }
  image.onerror = () => console.error(`the picture ${textOf(figure, '.os-chart__title')} cannot be drawn`)
  // img-src allows data: addresses, not blob: ones.
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(svg)
}

function save (blob, name) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10000)
}
