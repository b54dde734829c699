// The list of a round's towns: one box for all of the page, and how many are chosen and can be reached. Without this script each town
// has its box, and the buttons below do the same.
export function startWorklist () {
  const form = document.querySelector('[data-worklist]')
  const page = form?.querySelector('[data-pick-page]')
  if (!page) return
  const boxes = [...form.querySelectorAll('tbody input[type="checkbox"]')]
  const count = form.querySelector('[data-selected-count]')
  const number = new Intl.NumberFormat(document.documentElement.lang)
  function show () {
    const chosen = boxes.filter(box => box.checked)
    page.checked = page.defaultChecked = chosen.length === boxes.length
    page.indeterminate = chosen.length > 0 && chosen.length < boxes.length
    const reached = chosen.filter(box => 'reached' in box.dataset).length
    count.textContent = (chosen.length === 1 ? count.dataset.one : count.dataset.many)
      .replace('{n}', number.format(chosen.length)).replace('{reached}', number.format(reached))
  }
  form.addEventListener('change', event => {
    if (event.target === page) for (const box of boxes) box.checked = page.checked
    show()
  })
  form.addEventListener('reset', () => setTimeout(show))
  page.hidden = false
  show()
}
