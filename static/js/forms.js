// After a refused form the summary of errors gets the focus, so that a screen reader begins there. A second click on
// a submit button while the first request runs would send twice, so it is ignored. Forms that only ask may be sent again: a file may have
// been the answer, and the page is still there.
export function startForms () {
  document.querySelector('[data-error-summary]')?.focus()
  document.addEventListener('submit', event => {
    const form = event.target
    if (event.defaultPrevented || form.method === 'get') return
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
  keepAsDrawn()
  for (const select of document.querySelectorAll('select[data-autosubmit]')) {
    select.addEventListener('change', () => select.form.requestSubmit())
  }
  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false
    button.addEventListener('click', () => window.print())
  }
}

// Back, a restored or duplicated tab and a reload put old entries into a form beside what the server has just drawn. The forms
// that say autocomplete="off" show what the server says, whether the browser heeds that or not; what somebody has
// entered here since stays.
function keepAsDrawn () {
  const entered = new WeakSet()
  for (const kind of ['input', 'change']) {
    document.addEventListener(kind, event => { if (event.isTrusted) entered.add(event.target) }, true)
  }
  const forms = () => document.querySelectorAll('form[autocomplete="off"]')
  const draw = () => {
    for (const form of forms()) {
      for (const control of form.elements) if (!entered.has(control)) asDrawn(control)
    }
  }
  draw()
  window.addEventListener('pageshow', event => {
    // The whole page came back as it was left: the server may say something else by now. Pages of answers ask for it themselves.
    if (event.persisted && [...forms()].some(form => !form.dataset.answers)) location.reload()
    else if (!event.persisted) draw()
  })
}

function asDrawn (control) {
  if (control.type === 'radio' || control.type === 'checkbox') {
    if (control.checked !== control.defaultChecked) control.checked = control.defaultChecked
  } else if (control instanceof HTMLSelectElement) {
    for (const option of control.options) option.selected = option.defaultSelected
  } else if (control.defaultValue !== undefined && control.type !== 'file' && control.value !== control.defaultValue) {
    control.value = control.defaultValue
  }
}
