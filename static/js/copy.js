// A button that copies the field beside it and says so; without a script the field can be selected by hand.
export function startCopy () {
  for (const box of document.querySelectorAll('[data-copy]')) {
    const field = box.querySelector('input, textarea')
    const button = box.querySelector('button')
    if (!field || !button || !navigator.clipboard) continue
    button.hidden = false
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(field.value)
      const status = box.parentElement.querySelector('[role="status"]')
      if (status) status.textContent = button.dataset.done
    })
  }
}
