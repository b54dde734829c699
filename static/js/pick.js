// The choice of a round's towns: each district's buttons become one box with three states, the count follows what is ticked, and
// where all towns are in the page, typing searches among them. Without this script the buttons and the server do the same.
export function startPick () {
  const picker = document.querySelector('[data-pick]')
  if (!picker) return
  const total = picker.querySelector('[data-pick-chosen]')
  const number = new Intl.NumberFormat(document.documentElement.lang)
  const read = element => Number(element.textContent.replace(/\D/g, ''))
  const districts = [...picker.querySelectorAll('[data-pick-district]')].map(element => district(element))

  // Towns that are not in the page stay as the server knows them: only what is shown is counted anew.
  function district (element) {
    const boxes = [...element.querySelectorAll('[data-pick-town] input')]
    const inside = element.querySelector('[data-pick-in]')
    const state = element.querySelector('[data-pick-state]')
    const tri = element.querySelector('[data-pick-tri]')
    const box = tri.querySelector('input')
    const all = read(state.querySelector('[data-pick-in]').nextSibling)
    const hidden = read(inside) - boxes.filter(b => b.checked).length
    let before = read(inside)
    function show () {
      const n = hidden + boxes.filter(b => b.checked).length
      const word = n === all ? 'all' : n === 0 ? 'none' : 'some'
      box.checked = box.defaultChecked = word === 'all' // as drawn: a form that is put back to that keeps it
      box.indeterminate = word === 'some'
      inside.textContent = number.format(n)
      state.querySelector('[data-pick-word]').textContent = state.dataset[word]
      total.textContent = number.format(read(total) + n - before)
      before = n
    }
    function set (to) {
      for (const b of boxes) b.checked = to
      show()
    }
    element.addEventListener('change', event => {
      if (event.target !== box) return show()
      if (boxes.length === all) return set(box.checked)
      element.querySelector(`button[value^="${box.checked ? 'all' : 'none'}:"]`).click() // its towns are not in the page
    })
    tri.hidden = false
    for (const plain of element.querySelectorAll('[data-pick-plain]')) plain.hidden = true
    show()
    return { element, boxes, set }
  }

  for (const box of picker.querySelectorAll('.os-pick__towns > [data-pick-town] input')) { // those found by the server's search
    if (box.closest('[data-pick-district]')) continue
    box.addEventListener('change', () => { total.textContent = number.format(read(total) + (box.checked ? 1 : -1)) })
  }
  if (!('pickWhole' in picker.dataset)) return
  for (const button of picker.querySelectorAll('[data-pick-every]')) {
    button.addEventListener('click', event => {
      event.preventDefault()
      for (const d of districts) d.set(button.dataset.pickEvery === 'all')
    })
  }
  const find = picker.querySelector('[data-pick-find]')
  if (find.value !== '') return // the server shows what it found
  const fold = text => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss')
  const opened = new Map()
  picker.querySelector('[data-pick-search]').hidden = true
  find.addEventListener('keydown', event => { if (event.key === 'Enter') event.preventDefault() })
  find.addEventListener('input', () => {
    const text = fold(find.value.trim())
    for (const { element, boxes } of districts) {
      const name = fold(element.querySelector('label').textContent)
      let some = false
      for (const box of boxes) {
        const row = box.closest('[data-pick-town]')
        row.hidden = text !== '' && !name.includes(text) && !fold(row.textContent).includes(text) && !box.value.startsWith(text)
        some ||= !row.hidden
      }
      element.hidden = !some
      const details = element.querySelector('details')
      if (!opened.has(details)) opened.set(details, details.open)
      details.open = text === '' ? opened.get(details) : some
    }
  })
  picker.closest('form').addEventListener('submit', () => { find.value = '' })
}
