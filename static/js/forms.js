// After a refused form the summary of errors gets the focus, so that a screen reader begins there. A second click on
// a submit button while the first request runs would send twice, so it is ignored.
export function startForms () {
  document.querySelector('[data-error-summary]')?.focus()
  document.addEventListener('submit', event => {
    const form = event.target
    if (event.defaultPrevented || form.hasAttribute('hx-post') || form.hasAttribute('hx-put')) return
    if (form.dataset.sending) {
      event.preventDefault()
      return
    }
    form.dataset.sending = 'true'
  })
  // A page that comes back from the browser's cache may send again.
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-sending]')) delete form.dataset.sending
  })
  for (const select of document.querySelectorAll('select[data-autosubmit]')) {
    select.addEventListener('change', () => select.form.requestSubmit())
  }
  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false
    button.addEventListener('click', () => window.print())
  }
}
