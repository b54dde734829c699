// What a question shows and what is entered in it. Answers save themselves: each question has a queue of its own, and says what
// that is doing. The focus never moves.
import { Queue } from './queue.js'

const TYPING = 900 // ms after the last key
const WANDERING = 1000 // ms after the last arrow key: on the way through a scale nobody has answered yet

export class Question {
  constructor (page, element) {
    this.page = page
    this.element = element
    this.id = element.dataset.question
    this.status = element.querySelector('[data-status]')
    this.error = element.querySelector('[data-error]')
    this.offer = element.querySelector('[data-offer]')
    this.comments = element.querySelector('[data-comments]')
    this.origin = element.querySelector('[data-origin]')
    this.entered = false // by somebody, on this page: what a browser has put back is never sent
    this.wandering = false
    const [sentence, brief] = this.status.querySelectorAll('span')
    // How what the server has is shown.
    this.shown = { look: element.dataset.state, text: (sentence ?? this.status).textContent, brief: brief?.textContent ?? '' }
    this.refusal = '' // why it did not take something, the last time
    this.takenBack = null // what was there until just now, as fill takes it
    this.queue = new Queue(page, this)
    element.addEventListener('change', event => this.changed(event.target))
    element.addEventListener('input', event => this.typed(event.target))
    element.addEventListener('keydown', event => { this.wandering = event.key.startsWith('Arrow') })
    element.addEventListener('pointerdown', () => { this.wandering = false })
    element.addEventListener('focusout', event => {
      if (isText(event.target) || !element.contains(event.relatedTarget)) this.queue.flush()
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

  // body is the content as the server reads it.
  body () {
    const body = new URLSearchParams()
    if (this.notApplicable()) body.set('not_applicable', this.text('reason'))
    else for (const v of this.values()) body.append('value', v)
    body.set('comment', this.text('comment'))
    return body
  }

  // drawn notes what the page shows before anybody has entered something.
  drawn () {
    if (this.entered) return
    this.queue.drawn()
    this.showReason()
  }

  // touched reports whether somebody is at work on this question.
  touched () {
    const at = document.activeElement
    return this.queue.unsaved() || this.queue.state === 'contested' || (this.element.contains(at) && isText(at))
  }

  typed (target) {
    if (!isText(target)) return
    this.entered = true
    this.takenBack = null
    this.countComment()
    this.page.update()
    this.queue.edited(TYPING)
  }

  changed (target) {
    this.entered = true
    if (target !== this.element) this.takenBack = null
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
      if (!this.queue.held()) this.onSending()
      return this.queue.edited(WANDERING)
    }
    if (kind === 'na' && target.checked && this.text('reason') === '') this.field('reason').focus()
    this.queue.flush()
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
    this.takenBack = this.notApplicable() ? { not_applicable: this.text('reason') } : { input: this.values() }
    this.empty()
    // The button is about to disappear: the focus goes to the question's first field instead of nowhere.
    if (document.activeElement === this.element.querySelector('[data-clear]')) this.field('value').focus()
    this.changed(this.element)
  }

  // offerUndo puts the answer that was just taken back into reach.
  offerUndo () {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = this.page.word('undo')
    button.addEventListener('click', () => {
      this.fill({ ...this.takenBack, comment: this.text('comment') })
      this.takenBack = null
      this.focusAnswer()
      this.changed(this.element)
    })
    this.status.append(' – ', button)
  }

  lacksReason () { return this.notApplicable() && this.text('reason') === '' }

  // askForReason tells nobody off for what there was no time to write.
  askForReason () {
    const here = this.element.contains(document.activeElement)
    this.say(here ? 'open' : 'error', this.page.word(here ? 'wanted' : 'reason'), false)
  }

  onSending () { this.say('saving', this.page.word('saving'), false) }

  // onFailed says why the answer has not been saved yet: nobody is signed in, the network is away, or the server.
  onFailed (why, aloud) {
    if (why === 'signed') this.page.signedOut(true)
    this.say('error', this.page.word(why), aloud)
    if (why === 'signed') this.offerSignIn()
  }

  onLocked (data) { this.say('error', data?.message ?? this.page.word('refused'), true) }

  onRefused (data) {
    this.refusal = Object.values(data?.fields ?? {})[0] ?? data?.message ?? ''
    this.showError(this.refusal)
    this.say('error', this.page.word('refused'), true, this.refusal)
  }

  // onRefusedAgain shows once more what is known already.
  onRefusedAgain () {
    this.showError(this.refusal)
    this.say('error', this.page.word('refused'), false)
  }

  // onTakenBack shows what the server has as it was shown before something else was entered and taken back.
  onTakenBack () {
    this.showError('')
    this.say(this.shown.look, this.shown.text, false, '', this.shown.brief)
  }

  // offerSignIn leads from the question to the sign-in: the notice may be thousands of pixels away.
  offerSignIn () {
    const link = document.querySelector('[data-signed-out] a')?.cloneNode(true)
    if (link) this.status.append(' ', link)
  }

  onStored (data) {
    this.noteRevision(data)
    this.showError('')
    this.sayStored(data, true)
    this.page.signedOut(false)
    this.page.proposals?.refresh()
  }

  // noteRevision notes which revision the page now shows. What is offered goes with an answer and comes back without one; beside
  // another answer the old one stays at hand.
  noteRevision (data) {
    this.queue.noteRevision(data)
    this.element.toggleAttribute('data-given', data.given)
    this.element.toggleAttribute('data-carried', Boolean(data.carried))
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

  // takeBack empties what was typed but cannot be saved: the proposal is to hold instead.
  takeBack () {
    if (!this.queue.forget()) return
    this.empty()
    this.showError('')
    this.showReason()
  }

  // confirmed shows a proposal as the answer it has become.
  confirmed (data, announce) {
    this.fill(data)
    this.showEvidence(data.evidence ?? [])
    this.noteRevision(data)
    this.queue.inStep()
    this.showError('')
    this.sayStored({ ...data, given: true }, announce)
    this.page.signedOut(false)
    this.page.update()
  }

  onConfirming () { this.say('saving', this.page.word('confirming'), false) }

  unconfirmed () { this.say('error', this.page.word('unconfirmed'), true) }

  // showTheirs shows what somebody else has answered instead.
  showTheirs (data) {
    this.fill(data.stored)
    this.agree(data.stored, true, data.message)
    this.showError(data.message)
    this.page.update()
  }

  // showEvidence says how many pieces came along; they are on a page of their own.
  showEvidence (list) {
    const count = this.element.querySelector('[data-evidence]')
    if (!count) return
    count.hidden = list.length === 0
    count.textContent = ` (${list.length})`
  }

  countComment () { this.comments.hidden = this.text('comment') === '' }

  // agree notes that the fields hold what is stored, and says so.
  agree (stored, announce, more = '') {
    const data = { ...stored, given: isGiven(stored) }
    this.noteRevision(data)
    this.queue.inStep()
    this.sayStored(data, announce, more)
  }

  sayStored (data, announce, more = '') {
    const word = data.given ? 'saved' : this.text('comment') ? 'comment' : 'taken'
    const brief = data.given ? this.page.word('brief', { at: data.brief, name: data.by }) : ''
    const text = this.page.word(word, { at: data.time, name: data.by })
    this.shown = { look: data.given ? 'saved' : 'open', text, brief }
    if (!data.given && this.takenBack) {
      this.say('open', this.page.word('undone'), announce, more)
      return this.offerUndo()
    }
    this.say(this.shown.look, text, announce, more, brief)
  }

  // say shows how the answer stands ("saving", "saved", "open", "error" or "conflict": so the style sheets know it) and in words.
  // Where the foot has room for less than the whole sentence, the sentence is for those who cannot see it.
  say (look, text, announce, more = '', brief = '') {
    this.element.dataset.state = look
    this.status.dataset.state = look
    this.status.textContent = text
    if (brief) {
      const [sentence, shown] = [document.createElement('span'), document.createElement('span')]
      sentence.className = 'os-visually-hidden'
      sentence.textContent = text
      shown.setAttribute('aria-hidden', 'true')
      shown.textContent = brief
      this.status.replaceChildren(sentence, shown)
    }
    if (announce) this.page.announce(this, more ? text + '. ' + more : text)
  }

  showError (text) {
    this.error.textContent = text
    this.error.hidden = text === ''
    this.element.setAttribute('aria-describedby', (text ? this.error.id + ' ' : '') + this.status.id)
  }

  // takeOver shows what a colleague has saved, unless somebody is at work on this question, and reports whether it did.
  takeOver (stored) {
    if (stored.revision <= this.queue.revision || this.touched()) return false
    this.takenBack = null
    this.fill(stored)
    this.agree(stored, false)
    return true
  }

  // fill puts a stored answer into the fields.
  fill (stored) {
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
    this.field('comment').value = stored.comment ?? ''
    this.countComment()
    this.showReason()
  }

  // onContested shows both values to choose from.
  onContested (data) {
    const box = this.page.words.content.firstElementChild.cloneNode(true)
    const put = (name, text) => { box.querySelector(`[data-${name}]`).textContent = text }
    put('sent', data.sent.text)
    put('stored', data.stored.text)
    for (const side of ['sent', 'stored']) {
      const comment = box.querySelector(`[data-${side}-comment]`)
      comment.hidden = !data[side].comment
      comment.querySelector('span').textContent = data[side].comment ?? ''
    }
    for (const label of box.querySelectorAll('[data-stored-label], [data-keep] .kern-label')) {
      label.textContent = withValues(label.textContent, { name: data.stored.by, at: data.stored.time })
    }
    box.setAttribute('aria-label', this.page.word('conflict'))
    box.querySelector('[data-take]').addEventListener('click', () => {
      this.queue.noteRevision(data.stored)
      this.decided(box)
      this.queue.insist()
    })
    box.querySelector('[data-keep]').addEventListener('click', () => {
      this.fill(data.stored)
      this.decided(box)
      this.agree(data.stored, true)
      this.page.update()
    })
    this.error.after(box)
    // Two values to choose from are enough: what was proposed comes back if neither is kept.
    if (this.offer) this.offer.hidden = true
    this.showError(this.page.word('conflict'))
    this.say('conflict', this.page.word('refused'), true, this.page.word('conflict'))
    this.page.proposals?.refresh() // somebody has answered: one waits less
  }

  decided (box) {
    const hadFocus = box.contains(document.activeElement)
    box.remove()
    this.element.dataset.state = 'open' // the fields are there again
    this.queue.decided()
    this.showError('')
    if (hadFocus) this.focusAnswer()
  }
}

function isGiven (stored) { return stored.input !== undefined || stored.not_applicable !== undefined }

function isText (target) {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && (target.type === 'text' || target.type === 'date'))
}

// withValues puts values into the {places} of a text.
export function withValues (text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => name in values ? String(values[name]) : whole)
}
