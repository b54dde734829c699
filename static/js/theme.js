// Changes the theme at once; the form's own request (kept going in the background) makes it last.
export function startTheme () {
  const form = document.querySelector('form[data-theme-form]')
  if (!form) return
  form.addEventListener('submit', event => {
    const chosen = event.submitter?.value
    if (!chosen) return
    event.preventDefault()
    show(form, chosen)
    const body = new URLSearchParams({ theme: chosen, return: '/' })
    fetch(form.action, { method: 'POST', body, redirect: 'manual' }).catch(() => form.submit())
  })
}

function show (form, chosen) {
  if (chosen === 'system') document.documentElement.removeAttribute('data-kern-theme')
  else document.documentElement.setAttribute('data-kern-theme', chosen)
  for (const button of form.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.value === chosen))
  document.dispatchEvent(new CustomEvent('os:theme'))
}
