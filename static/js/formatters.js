// Numbers in the page's language. ECharts hands a formatter either a bare value (axes) or the params of a point.
// fractions are 0..1, points 0..100.
export function formatters (language) {
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  const integer = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 })
  const valueOf = params => {
    if (params === null || typeof params !== 'object') return params
    const value = params.value
    if (Array.isArray(value)) return value[value.length - 1]
    return value && typeof value === 'object' ? value.value : value
  }
  const by = show => params => {
    const value = valueOf(params)
    return value === null || value === undefined || value === '' || Number.isNaN(Number(value)) ? '·' : show(Number(value))
  }
  const named = show => params => {
    const name = params.seriesName && params.name ? `${params.name}\n${params.seriesName}` : params.name || params.seriesName || ''
    return `${name}: ${by(show)(params)}`
  }
  // A box plot's point is [category, min, q1, median, q3, max] or the five figures alone.
  const box = show => params => {
    const five = Array.isArray(params.value) ? params.value.slice(-5) : []
    const labels = language === 'de' ? ['Minimum', 'unteres Viertel bis', 'Median', 'oberes Viertel ab', 'Maximum'] : ['minimum', 'lower quarter up to', 'median', 'upper quarter from', 'maximum']
    return [params.name, ...five.map((v, i) => `${labels[i]}: ${show(Number(v))}`)].join('\n')
  }
  const fraction = v => percent.format(v)
  const points = v => percent.format(v / 100)
  return {
    percent: by(fraction),
    points: by(points),
    integer: by(v => integer.format(v)),
    number: by(v => number.format(v)),
    namedPercent: named(fraction),
    namedPoints: named(points),
    namedNumber: named(v => number.format(v)),
    boxPercent: box(fraction),
    boxPoints: box(points),
    // the name the server wrote into the point: complete sentences in the reader's language
    label: params => params?.data?.label ?? params?.data?.title ?? params?.name ?? ''
  }
}
