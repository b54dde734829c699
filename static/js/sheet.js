// Rows of a table-chart open at once instead of by a request: each link becomes a button for the rows below it.
export function startSheets () {
  for (const link of document.querySelectorAll('[data-sheet] a[data-open]')) {
    const rows = link.closest('tbody')
    const below = rows.nextElementSibling
    const button = document.createElement('button')
    button.type = 'button'
    button.className = link.className
    button.append(link.firstElementChild.cloneNode(true))
    const show = open => {
      button.setAttribute('aria-expanded', String(open))
      below.hidden = !open
      rows.classList.toggle('is-open', open)
    }
    show(link.dataset.open === 'true')
    button.addEventListener('click', () => show(below.hidden))
    link.replaceWith(button)
  }
}
