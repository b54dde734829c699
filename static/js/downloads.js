// The picture for the slides: SVG as drawn, PNG at three times the size on a solid ground.
export function addDownloads (figure, chart) {
  const tools = figure.querySelector('.os-chart__tools')
  if (!tools) return
  const name = figure.dataset.chart || 'chart'
  for (const button of tools.querySelectorAll('button[data-download]')) {
    button.hidden = false
    button.addEventListener('click', () => (button.dataset.download === 'png' ? savePng : saveSvg)(chart, name))
  }
}

function svgText (chart) {
  return chart.renderToSVGString()
}

function saveSvg (chart, name) {
  save(new Blob([svgText(chart)], { type: 'image/svg+xml' }), name + '.svg')
}

function savePng (chart, name) {
  const scale = 3
  const width = chart.getWidth()
  const height = chart.getHeight()
  const image = new Image()
  image.onload = () => {
    const canvas = document.createElement('canvas')
    canvas.width = width * scale
    canvas.height = height * scale
    const context = canvas.getContext('2d')
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--os-chart-background').trim()
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    canvas.toBlob(blob => save(blob, name + '.png'), 'image/png')
  }
  // img-src allows data: addresses, not blob: ones.
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(svgText(chart))
}

function save (blob, name) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10000)
}
