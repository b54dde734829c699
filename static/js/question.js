// Answers save themselves: each question has a queue of its own with at most one request under way, tries again when the
// network or the server is away, and says what it is doing. The focus never moves.

const TYPING = 900 // ms after the last key
const WANDERING = 1000 // ms after the last arrow key: on the way through a scale nobody has answered yet
const FIRST_RETRY = 1500
const LAST_RETRY = 30000

export class Question {
  constructor (page, element) {
    this.page = page
    this.element = element
    this.id = element.dataset.question
    this.status = element.querySelector('[data-status]')
    this.error = element.querySelector('[data-error]')
    this.revisionField = this.field('revision')
    this.seenField = this.field('seen')
    this.offer = element.querySelector('[data-offer]')
    this.old = element.querySelector('[data-old]')
    this.origin = element.querySelector('[data-origin]')
    this.saved = this.fingerprint()
    this.sending = false
    this.entered = false // by somebody, on this page: what a browser has put back is never sent
    this.wandering = false
    this.wait = 0
    this.timer = 0
    element.addEventListener('change', event => this.changed(event.target))
    element.addEventListener('input', event => this.typed(event.target))
    element.addEventListener('keydown', event => { this.wandering = event.key.startsWith('Arrow') })
    element.addEventListener('pointerdown', () => { this.wandering = false })
    element.addEventListener('focusout', event => {
      if (isText(event.target) || !element.contains(event.relatedTarget)) this.flush()
    })
    element.querySelector('[data-clear]').addEventListener('click', event => { event.preventDefault(); this.clear() })
    this.showReason()
  }

  field (name) { return this.element.querySelector(`[data-field="${name}"]`) }
  fields (name) { return [...this.element.querySelectorAll(`[data-field="${name}"]`)] }
  text (name) { return this.field(name)?.value.replaceAll('\r\n', '\n').trim() ?? '' }

  notApplicable () { return this.field('na')?.checked ?? false }

  values () {
    if (this.notApplicable()) return []
    return this.fields('value').filter(f => f.type === 'radio' || f.type === 'checkbox' ? f.checked : f.value.trim() !== '').map(f => f.value.trim())
  }

  // answer is what the conditions of other questions see.
  answer () {
    if (this.notApplicable()) return { not_applicable: true }
    const values = this.values()
    return values.length ? { values } : null
  }

  fingerprint () {
    return JSON.stringify([this.values(), this.notApplicable(), this.notApplicable() ? this.text('reason') : '', this.text('comment')])
  }

  unsaved () { return this.sending || (this.entered && !this.page.locked && this.fingerprint() !== this.saved) }

  // drawn notes what the page shows before anybody has entered something.
  drawn () {
    if (this.entered) return
    this.saved = this.fingerprint()
    this.showReason()
  }

  touched () { return this.unsaved() || this.conflict || this.element.contains(document.activeElement) && isText(document.activeElement) }

  typed (target) {
    if (!isText(target)) return
    this.entered = true
    this.page.update()
    this.later(TYPING)
  }

  changed (target) {
    this.entered = true
    const kind = target.dataset.field
    if (kind === 'na' && target.checked && target.type === 'checkbox') {
      for (const f of this.fields('value')) {
        if (f.type === 'checkbox') f.checked = false
        else f.value = ''
      }
    } else if (kind === 'value') {
      const na = this.field('na')
      if (na?.type === 'checkbox' && this.fields('value').some(f => f.type === 'checkbox' ? f.checked : f.value !== '')) na.checked = false
      if (target.type === 'checkbox' && target.checked) this.alone(target)
    }
    this.showReason()
    this.page.update()
    if (this.wandering && target.type === 'radio') {
      this.show('saving', this.page.word('saving'), false)
      return this.later(WANDERING)
    }
    if (kind === 'na' && target.checked && this.text('reason') === '') this.field('reason').focus()
    this.flush()
  }

  // alone keeps an exclusive option by itself.
  alone (chosen) {
    const exclusive = 'exclusive' in chosen.dataset
    for (const f of this.fields('value')) {
      if (f !== chosen && (exclusive || 'exclusive' in f.dataset)) f.checked = false
    }
  }

  showReason () {
    const reason = this.element.querySelector('[data-reason]')
    if (reason) reason.hidden = !this.notApplicable()
  }

  empty () {
    for (const f of [...this.fields('value'), ...this.fields('na')]) {
      if (f.type === 'radio' || f.type === 'checkbox') f.checked = false
      else f.value = ''
    }
    const reason = this.field('reason')
    if (reason) reason.value = ''
  }

  clear () {
    this.empty()
    // The button is about to disappear: the focus goes to the question's first field instead of nowhere.
    if (document.activeElement === this.element.querySelector('[data-clear]')) this.field('value').focus()
    this.changed(this.element)
  }

  later (delay) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.flush(), delay)
  }

  retryNow () {
    if (this.wait && !this.conflict) this.flush()
  }

  // flush sends what is not saved yet, unless a request is under way: then its end does.
  flush (leaving = false) {
    clearTimeout(this.timer)
    const content = this.fingerprint()
    if (!this.entered || this.sending || this.conflict || this.page.locked || content === this.saved || content === this.refused) return
    if (this.notApplicable() && this.text('reason') === '') {
      // Nobody is told off for what there was no time to write.
      const here = this.element.contains(document.activeElement)
      this.show(here ? 'open' : 'error', this.page.word(here ? 'wanted' : 'reason'), false)
      return
    }
    this.request = this.send(content, leaving)
  }

  // settled sends what is not saved yet and waits for the answer.
  async settled () {
    this.flush()
    while (this.sending) await this.request
  }

  body () {
    const body = new URLSearchParams()
    if (this.notApplicable()) body.set('not_applicable', this.text('reason'))
    else for (const v of this.values()) body.append('value', v)
    body.set('comment', this.text('comment'))
    body.set('revision', this.revisionField.value)
    body.set('seen', this.seenField.value)
    return body
  }

  async send (content, leaving) {
    this.sending = true
    this.show('saving', this.page.word('saving'), false)
    let answer = null
    let data = null
    try {
      answer = await fetch(this.page.form.dataset.answers + encodeURIComponent(this.id), {
        method: 'PUT', body: this.body(), headers: { Accept: 'application/json' }, keepalive: leaving, ...(!leaving && { signal: AbortSignal.timeout(20000) })
      })
      data = await answer.json()
    } catch {
      data = null
    }
    this.sending = false
    this.settle(content, answer?.status ?? 0, data)
  }

  settle (content, status, data) {
    if (status === 200 && data) return this.stored(content, data)
    if (status === 409 && data?.stored) return this.contested(content, data)
    if (status === 401) {
      this.page.signedOut(true)
      this.again(this.page.word('signed'))
      return this.offerSignIn()
    }
    if (status === 409 || status === 410) {
      this.page.lock()
      return this.show('error', data?.message ?? this.page.word('refused'), true)
    }
    if (status === 422 || status === 403 || status === 404 || status === 413) {
      this.refused = content
      const message = Object.values(data?.fields ?? {})[0] ?? data?.message ?? ''
      this.showError(message)
      this.show('error', this.page.word('refused'), true, message)
      if (this.fingerprint() !== content) this.flush()
      return
    }
    this.again(navigator.onLine ? this.page.word('failed') : this.page.word('offline'))
  }

  // again tries once more, waiting longer each time.
  again (text) {
    this.wait = Math.min(this.wait ? this.wait * 2 : FIRST_RETRY, LAST_RETRY)
    this.show('error', text, this.wait === FIRST_RETRY)
    this.later(this.wait)
  }

  // offerSignIn leads from the question to the sign-in: the notice may be thousands of pixels away.
  offerSignIn () {
    const link = document.querySelector('[data-signed-out] a')?.cloneNode(true)
    if (link) this.status.append(' ', link)
  }

  stored (content, data) {
    this.wait = 0
    this.refused = undefined
    this.saved = content
    this.mark(data)
    this.showError('')
    const text = this.savedText(data)
    this.show(data.given ? 'saved' : 'open', text, true)
    this.page.signedOut(false)
    this.page.proposals?.refresh()
    this.flush()
  }

  // mark notes which revision the page now shows. What is offered goes with an answer and comes back without one; beside another
  // answer the old one stays at hand.
  mark (data) {
    this.revisionField.value = data.revision
    this.seenField.value = data.seen ?? ''
    this.element.toggleAttribute('data-given', data.given)
    this.element.querySelector('[data-clear]').hidden = !data.given
    this.element.querySelector('[data-history]')?.removeAttribute('hidden')
    if (this.origin) {
      this.origin.textContent = data.origin ?? ''
      this.origin.hidden = !data.origin
    }
    if (this.offer && this.offer.hidden !== data.given) {
      const left = data.given && this.offer.contains(document.activeElement)
      this.inPlace(() => { this.offer.hidden = data.given })
      for (const shown of this.offer.querySelectorAll('input')) shown.disabled = data.given
      if (left) this.focusAnswer()
    }
    if (this.old) this.old.hidden = !data.given || Boolean(data.carried)
  }

  focusAnswer () { (this.fields('value').find(f => f.checked) ?? this.field('value')).focus() }

  // inPlace keeps what has the focus where it is on the screen while something above it changes.
  inPlace (change) {
    const held = this.element.contains(document.activeElement) ? document.activeElement : null
    const before = held?.getBoundingClientRect().top
    change()
    if (held?.checkVisibility()) window.scrollBy(0, held.getBoundingClientRect().top - before)
  }

  // proposes reports whether an earlier answer waits for its confirmation.
  proposes () { return this.offer !== null && !this.offer.hidden && this.offer.querySelector('[data-confirm]') !== null }

  // proposal is the answer that waits, as conditions see it.
  proposal () {
    const values = [...this.offer.querySelectorAll('input')].map(input => input.value)
    return values.includes('!') ? { not_applicable: true } : { values }
  }

  // giveWay takes back what was typed but cannot be saved: the proposal is to hold instead.
  giveWay () {
    if (this.refused === undefined) return
    this.empty()
    this.refused = undefined
    this.showError('')
    this.showReason()
  }

  // confirmed shows a proposal as the answer it has become.
  confirmed (data, announce) {
    this.set(data)
    this.showEvidence(data.evidence ?? [])
    this.mark(data)
    this.saved = this.fingerprint()
    this.showError('')
    this.show('saved', this.savedText(data), announce)
    this.page.signedOut(false)
    this.page.update()
  }

  unconfirmed () { this.show('error', this.page.word('unconfirmed'), true) }

  // outrun shows what somebody else has answered instead.
  outrun (data) {
    const given = isGiven(data.stored)
    this.set(data.stored)
    this.mark({ ...data.stored, given })
    this.saved = this.fingerprint()
    this.show(given ? 'saved' : 'open', this.savedText({ ...data.stored, given }), true, data.message)
    this.showError(data.message)
    this.page.update()
  }

  showEvidence (list) {
    const box = this.element.querySelector('[data-evidence]')
    if (!box) return
    box.hidden = list.length === 0
    box.querySelector('ul').replaceChildren(...list.map(piece => {
      const line = document.createElement('li')
      const link = document.createElement('a')
      link.href = piece.url
      link.textContent = piece.title
      if (piece.link) Object.assign(link, { target: '_blank', rel: 'noreferrer noopener' })
      const more = document.createElement('span')
      more.className = 'os-muted'
      more.textContent = (piece.size ? ` (${piece.size})` : '') + (piece.origin ? ` ${piece.origin}` : '')
      line.append(link, more)
      return line
    }))
  }

  savedText (data) {
    const word = data.given ? 'saved' : this.text('comment') ? 'comment' : 'taken'
    return this.page.word(word, { at: data.time, name: data.by })
  }

  show (state, text, announce, more = '') {
    this.element.dataset.state = state
    this.status.dataset.state = state
    this.status.textContent = text
    if (announce) this.page.announce(this, more ? text + '. ' + more : text)
  }

  showError (text) {
    this.error.textContent = text
    this.error.hidden = text === ''
    this.element.setAttribute('aria-describedby', (text ? this.error.id + ' ' : '') + this.status.id)
  }

  // takeOver shows what a colleague has saved, unless somebody is at work on this question, and reports whether it did.
  takeOver (stored) {
    if (stored.revision <= Number(this.revisionField.value) || this.touched()) return false
    this.set(stored)
    this.mark({ ...stored, given: isGiven(stored) })
    this.saved = this.fingerprint()
    this.show(isGiven(stored) ? 'saved' : 'open', this.savedText({ ...stored, given: isGiven(stored) }), false)
    return true
  }

  set (stored) {
    const na = stored.not_applicable !== undefined
    const input = stored.input ?? []
    for (const f of this.fields('value')) {
      if (f.type === 'radio' || f.type === 'checkbox') f.checked = input.includes(f.value)
      else f.value = input[0] ?? ''
    }
    const box = this.field('na')
    if (box) box.checked = na
    const reason = this.field('reason')
    if (reason) reason.value = na ? stored.not_applicable : ''
    const comment = this.field('comment')
    comment.value = stored.comment ?? ''
    if (comment.value !== '') comment.closest('details').open = true
    this.showReason()
  }

  // contested shows both values; nothing more is sent for this question until somebody has chosen.
  contested (content, data) {
    this.conflict?.remove()
    const box = this.page.words.content.firstElementChild.cloneNode(true)
    const put = (name, text) => { box.querySelector(`[data-${name}]`).textContent = text }
    put('sent', data.sent.text)
    put('stored', data.stored.text)
    for (const side of ['sent', 'stored']) {
      const comment = box.querySelector(`[data-${side}-comment]`)
      comment.hidden = !data[side].comment
      comment.querySelector('span').textContent = data[side].comment ?? ''
    }
    const label = box.querySelector('[data-stored-label]')
    label.textContent = fill(label.textContent, { name: data.stored.by, at: data.stored.time })
    box.setAttribute('aria-label', this.page.word('conflict'))
    box.querySelector('[data-take]').addEventListener('click', () => {
      this.revisionField.value = data.stored.revision
      this.seenField.value = data.stored.seen ?? ''
      this.decided(box)
      this.saved = undefined
      this.flush()
    })
    box.querySelector('[data-keep]').addEventListener('click', () => {
      this.set(data.stored)
      this.decided(box)
      const given = isGiven(data.stored)
      this.mark({ ...data.stored, given })
      this.saved = this.fingerprint()
      this.showError('')
      this.show(given ? 'saved' : 'open', this.savedText({ ...data.stored, given }), true)
      this.page.update()
    })
    this.conflict = box
    this.error.after(box)
    // Two values to choose from are enough: what was proposed comes back if neither is kept.
    if (this.offer) this.offer.hidden = true
    this.showError(this.page.word('conflict'))
    this.show('conflict', this.page.word('refused'), true, this.page.word('conflict'))
    this.page.proposals?.refresh() // somebody has answered: one waits less
  }

  decided (box) {
    const hadFocus = box.contains(document.activeElement)
    box.remove()
    this.conflict = null
    this.showError('')
    if (hadFocus) this.focusAnswer()
  }
}

function isGiven (stored) { return stored.input !== undefined || stored.not_applicable !== undefined }

function isText (target) {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && (target.type === 'text' || target.type === 'date'))
}

export function fill (text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => name in values ? String(values[name]) : whole)
}
