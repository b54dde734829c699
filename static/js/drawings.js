// Loads what draws pictures once one of them is to be seen: most readers never open them.
export function startDrawings () {
  const source = document.body.dataset.charts
  if (!source) return
  const load = () => {
    if (![...document.querySelectorAll('figure[data-chart]')].some(f => f.checkVisibility())) return
    document.removeEventListener('toggle', load, true)
    const script = document.createElement('script')
    script.src = source
    document.head.append(script)
  }
  document.addEventListener('toggle', load, true)
  load()
}
