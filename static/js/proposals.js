// Confirms what a town answered in an earlier round, one question or a whole section at a time. The focus goes on to the next
// proposal, so that pressing Enter again and again confirms one after the other; how many are left is the server's word.
// Without this script the buttons send the section's form.

const TIMEOUT = 20000
const BUTTONS = '[data-confirm], [data-confirm-all]'

export class Proposals {
  constructor (page) {
    this.page = page
    this.form = page.form
    this.note = this.form.querySelector('[data-proposals]')
    this.left = this.note.querySelector('[data-proposals-left]')
    this.busy = false
    this.form.addEventListener('click', event => {
      const button = event.target.closest(BUTTONS)
      if (!button) return
      event.preventDefault()
      this.confirm(button)
    })
    // A key that is held down must not confirm what nobody has read.
    this.form.addEventListener('keydown', event => {
      if (event.repeat && event.target.closest(BUTTONS)) event.preventDefault()
    })
  }

  async confirm (button) {
    if (this.busy || this.page.locked) return
    this.busy = true
    try {
      await ('confirm' in button.dataset ? this.confirmOne(button) : this.confirmAll(button))
    } finally {
      this.busy = false
    }
  }

  async confirmOne (button) {
    const question = this.page.byId.get(button.value)
    question.takeBack()
    await question.queue.allSaved()
    if (question.queue.unsaved()) return question.unconfirmed()
    question.onConfirming()
    const [status, data] = await this.post(this.form.dataset.proposalsAt + encodeURIComponent(question.id))
    if (status === 200) {
      question.confirmed(data, true)
      this.update(data.proposals)
      return this.goOn(question)
    }
    if (status === 409 && data?.stored) {
      question.showTheirs(data)
      this.goOn(question)
      return this.refresh()
    }
    question.unconfirmed()
    this.refused(status, data, button)
  }

  // proposed returns the questions whose proposals can be seen, or will be once the others hold: those that the button counts.
  proposed () {
    const waiting = this.page.questions.filter(q => q.proposes())
    const then = this.page.states(waiting)
    return waiting.filter(q => then.get(q.id) !== 'inactive')
  }

  // confirmAll names what it confirms: what has come up on the server since, nobody has read here.
  async confirmAll (button) {
    const shown = this.proposed()
    await Promise.all(this.page.questions.map(q => q.queue.allSaved()))
    const stuck = shown.find(q => q.queue.unsaved())
    if (stuck) return stuck.unconfirmed()
    const questions = this.proposed().filter(q => shown.includes(q))
    if (questions.length === 0) return this.refresh()
    const [status, data] = await this.post(this.form.dataset.sectionProposals, questions)
    if (status !== 200) {
      if (!this.refused(status, data, button)) this.left.textContent = this.page.word('unconfirmed')
      return
    }
    for (const [id, saved] of Object.entries(data.saved)) this.page.byId.get(id)?.confirmed(saved, false)
    for (const [id, kept] of Object.entries(data.kept)) this.page.byId.get(id)?.showTheirs(kept)
    this.update(data.proposals)
    this.left.focus()
  }

  // post returns the status, 0 if nothing came back, and what was said.
  async post (address, questions = []) {
    try {
      const body = new URLSearchParams({ seen: this.note.querySelector('[name="seen"]').value })
      for (const q of questions) body.append('question', q.id)
      const answer = await fetch(address, { method: 'POST', body, headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(TIMEOUT) })
      return [answer.status, await answer.json()]
    } catch {
      return [0, null]
    }
  }

  // refused says why nothing was confirmed and reports whether it did. If other things are proposed by now, the plain form is
  // sent: its answer is the page with the old and the new proposals.
  refused (status, data, button) {
    if (status === 401) this.page.signedOut(true)
    else if (status === 409 && data?.error === 'proposal_changed') this.form.requestSubmit(button)
    else if (status === 409) this.page.lock()
    else return false
    return true
  }

  // goOn moves the focus to the next proposal, else to the line that says that none is left.
  goOn (question) {
    const buttons = [...this.form.querySelectorAll('[data-confirm]')].filter(b => b.checkVisibility())
    const next = buttons.find(b => question.element.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING) ?? buttons[0]
    ;(next ?? this.left).focus()
  }

  // refresh asks how many are left. While one request is under way, the last one who asks waits for the next.
  async refresh () {
    if (!this.form.querySelector('[data-confirm]')) return // no answer changes anything
    if (this.asking) {
      this.again = true
      return
    }
    this.asking = true
    try {
      const answer = await fetch(this.form.dataset.sectionProposals, { headers: { Accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT) })
      if (answer.ok) this.update(await answer.json())
    } catch {
      // Offline: the questions say so, and the next answer asks again.
    } finally {
      this.asking = false
    }
    if (this.again) {
      this.again = false
      await this.refresh()
    }
  }

  update (progress) {
    // Written only when it changes: it is read aloud then.
    if (this.left.textContent !== progress.text) this.left.textContent = progress.text
    for (const button of this.form.querySelectorAll('[data-confirm-all]')) {
      button.hidden = progress.button === ''
      if (progress.button) button.querySelector('.kern-label').textContent = progress.button
    }
    const next = this.note.querySelector('[data-proposals-next]')
    if (next) next.hidden = progress.here > 0 || progress.left === 0
    if (progress.left > 0) this.note.hidden = false
  }
}
