// What options can ask for by name as "fn:…". Numbers come in the page's language; tip and text are sentences the server
// wrote into the point, in the reader's language.
export function formatters (language) {
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 })
  return {
    points: v => percent.format(Math.floor(Number(v) * 10 + 1e-6) / 1000), // cut as score.Tenths does, never rounded
    number: v => number.format(Number(v)),
    tip: params => params?.data?.tip ?? '',
    text: params => params?.data?.text ?? ''
  }
}
