// A section's page: what is asked, how far it is, and what colleagues answer meanwhile. Nothing is kept in the browser's storage.
// Without this script the page is a plain form that saves as a whole.
import { states } from './conditions.js'
import { Proposals } from './proposals.js'
import { Question, withValues } from './question.js'

const POLL = 8000 // ms between looks for colleagues' answers

export function startAssessment () {
  const form = document.querySelector('form[data-answers]')
  if (!form) return
  // Browsers that cannot show a closed disclosure's content on a wide page get an open one.
  const sections = document.querySelector('[data-sections]')
  if (sections && !CSS.supports('selector(::details-content)')) sections.open = matchMedia('(min-width: 62em)').matches
  const page = new Page(form)
  page.start()
}

class Page {
  constructor (form) {
    this.form = form
    this.words = document.querySelector('template[data-words]')
    this.program = JSON.parse(document.querySelector('[data-program]').textContent)
    this.outside = JSON.parse(document.querySelector('[data-outside]').textContent)
    this.announcer = document.querySelector('[data-announce]')
    this.questions = [...form.querySelectorAll('[data-question]')].map(element => new Question(this, element))
    this.byId = new Map(this.questions.map(q => [q.id, q]))
    this.proposals = form.querySelector('[data-proposals]') ? new Proposals(this) : null
    this.tag = ''
    this.locked = false
  }

  start () {
    this.form.addEventListener('submit', event => {
      // Enter in a field saves and stays: to send the form by it is for those without this script.
      if (event.submitter && 'implicit' in event.submitter.dataset) {
        event.preventDefault()
        this.questions.forEach(q => q.queue.flush())
        return
      }
      this.leaving = true
    })
    window.addEventListener('beforeunload', event => {
      if (!this.leaving && this.questions.some(q => q.queue.unsaved())) event.preventDefault()
    })
    window.addEventListener('pagehide', () => this.questions.forEach(q => q.queue.flush(true)))
    window.addEventListener('pageshow', event => {
      this.leaving = false
      this.questions.forEach(q => q.drawn())
      this.update()
      if (event.persisted) this.poll()
    })
    window.addEventListener('online', () => this.questions.forEach(q => q.queue.retryNow()))
    window.addEventListener('focus', () => { this.questions.forEach(q => q.queue.retryNow()); this.poll() })
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.questions.forEach(q => q.queue.flush(true))
      else this.poll()
    })
    setInterval(() => this.poll(), POLL)
    this.update()
  }

  word (name, values = {}) {
    return withValues(this.words.dataset[name] ?? '', values)
  }

  announce (question, text) {
    this.announcer.textContent = this.word('announce', { number: question.element.dataset.number, text })
  }

  // states says what is asked, with some of the section's proposals as if they were answers.
  states (proposed = []) {
    const answers = { ...this.outside }
    for (const q of this.questions) {
      const answer = q.answer()
      if (answer) answers[q.id] = answer
    }
    for (const q of proposed) answers[q.id] = q.proposal()
    return states(this.program, answers)
  }

  // update shows what is asked and how far the section is.
  update () {
    const now = this.states()
    let done = 0
    let all = 0
    for (const q of this.questions) {
      const state = now.get(q.id)
      q.element.toggleAttribute('data-inactive', state === 'inactive')
      q.element.hidden = state === 'inactive'
      if (state === 'inactive') continue
      all++
      if (state !== 'open') done++
    }
    const progress = document.querySelector('[data-progress]')
    if (progress) progress.textContent = withValues(progress.dataset.text, { done, all })
    const bar = document.querySelector('[data-progress-bar]')
    if (bar) Object.assign(bar, { max: all, value: done })
  }

  // poll brings in what colleagues have saved. It is asked only while somebody looks at the page.
  async poll () {
    if (document.hidden || this.polling) return
    this.polling = true
    try {
      const answer = await fetch(this.form.dataset.poll, {
        headers: { Accept: 'application/json', ...(this.tag && { 'If-None-Match': this.tag }) }, cache: 'no-store', signal: AbortSignal.timeout(10000)
      })
      if (answer.status === 401) this.signedOut(true)
      if (answer.ok) {
        const seen = await answer.json()
        this.tag = answer.headers.get('ETag') ?? ''
        this.signedOut(false)
        this.take(seen)
      } else if (answer.status === 304) {
        this.signedOut(false)
      } else if (answer.status === 409 || answer.status === 410) {
        this.lock() // a link that nobody can use any more
      }
    } catch {
      // Offline: the questions' own retries say so.
    } finally {
      this.polling = false
    }
  }

  take (seen) {
    if (seen.status !== 'draft') this.lock()
    // Where the answers to other questions are not to be seen, the server says what follows from them.
    if (seen.program) this.program = seen.program
    let news = false
    for (const [id, stored] of Object.entries(seen.answers)) {
      const q = this.byId.get(id)
      if (q) news = q.takeOver(stored) || news
      else if (stored.not_applicable !== undefined) this.outside[id] = { not_applicable: true }
      else if (stored.input) this.outside[id] = { values: stored.input }
      else delete this.outside[id]
    }
    this.update()
    if (news) this.proposals?.refresh()
  }

  signedOut (gone) {
    const note = document.querySelector('[data-signed-out]')
    if (note && note.hidden === gone) {
      note.hidden = !gone
      if (!gone) this.questions.forEach(q => q.queue.retryNow())
    }
  }

  lock () {
    this.locked = true
    this.questions.forEach(q => q.queue.lock())
    document.querySelector('[data-locked]')?.removeAttribute('hidden')
  }
}
