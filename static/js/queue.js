// Brings one question's answer to the server: at most one request is under way, what is entered meanwhile follows it, and what
// came to nothing is tried again. What is shown is not decided here: the question is asked for its content and told what became
// of it.
//
// A queue is in one state:
//   clean      nothing was entered that the server does not have
//   dirty      something was entered and waits for its moment: for a pause in typing, or for a reason that is missing
//   sending    a request is under way
//   waiting    a request came to nothing, the next one follows
//   refused    the server does not take what was entered; only something else is worth another request
//   contested  somebody else has answered meanwhile; nothing is sent until somebody has chosen
//   locked     nobody can change anything here any more

const FIRST_RETRY = 1500 // ms
const LAST_RETRY = 30000 // ms
const TIMEOUT = 20000 // ms

export class Queue {
  constructor (page, question) {
    this.page = page
    this.question = question
    // Kept in the form's own fields: whoever sends the form as a whole sends the same.
    this.revisionField = question.field('revision')
    this.seenField = question.field('seen')
    this.state = 'clean'
    this.saved = question.fingerprint() // what the server has
    this.unwanted = undefined // what the server has refused
    this.delay = 0 // ms before the last retry, 0 if none was needed since something was stored
    this.timer = 0
  }

  // to enters a state, for good or until so many milliseconds have passed: a timer never outlives the state it belongs to.
  // On a locked page only a request that is under way and a choice between two values come to their end.
  to (state, pause = 0) {
    clearTimeout(this.timer)
    const ends = state === 'sending' || state === 'contested'
    this.state = this.page.locked && !ends ? 'locked' : state
    if (pause > 0 && this.state === state) this.timer = setTimeout(() => this.flush(), pause)
  }

  // held reports whether nothing may be sent now, whatever was entered.
  held () { return this.state === 'sending' || this.state === 'contested' || this.state === 'locked' }

  // unsaved reports whether leaving the page now would lose something.
  unsaved () {
    return this.state === 'sending' || (this.question.entered && !this.page.locked && this.question.fingerprint() !== this.saved)
  }

  get revision () { return Number(this.revisionField.value) }

  // noteRevision notes what the page now shows: what is sent next replaces that and nothing else.
  noteRevision (data) {
    this.revisionField.value = data.revision
    this.seenField.value = data.seen ?? ''
  }

  // edited lets what was entered go out after a pause. While the queue is held it follows by itself.
  edited (pause) {
    if (!this.held()) this.to(this.state === 'waiting' ? 'waiting' : 'dirty', pause)
  }

  // flush sends what is not saved yet, unless a request is under way: then its end does. A page that is being left has no time
  // to wait for the answer.
  flush (leaving = false) {
    if (this.held()) return
    const content = this.question.fingerprint()
    if (!this.question.entered || content === this.saved) return this.settle('clean')
    if (content === this.unwanted) return this.settle('refused')
    if (this.question.lacksReason()) {
      this.to('dirty')
      return this.question.askForReason()
    }
    this.request = this.send(content, leaving)
  }

  // settle enters a state in which nothing waits any more, without a request: what was entered is what the server has, or has
  // refused, once again. Whatever was shown on the way there is no longer true.
  settle (state) {
    const was = this.state
    this.to(state)
    if (was === state) return
    this.delay = 0
    state === 'clean' ? this.question.onTakenBack() : this.question.onRefusedAgain()
  }

  retryNow () {
    if (this.state === 'waiting') this.flush()
  }

  // allSaved sends what is not saved yet and waits until nothing is under way; unsaved says then whether it came to something.
  async allSaved () {
    this.flush()
    while (this.state === 'sending') await this.request
  }

  async send (content, leaving) {
    this.to('sending')
    this.question.onSending()
    const body = this.question.body()
    body.set('revision', this.revisionField.value)
    body.set('seen', this.seenField.value)
    let answer = null
    let data = null
    try {
      answer = await fetch(this.page.form.dataset.answers + encodeURIComponent(this.question.id), {
        method: 'PUT', body, headers: { Accept: 'application/json' }, keepalive: leaving, ...(!leaving && { signal: AbortSignal.timeout(TIMEOUT) })
      })
      data = await answer.json()
    } catch {
      data = null
    }
    this.onAnswer(content, answer?.status ?? 0, data)
  }

  // onAnswer leads from sending to the next state; status is 0 if nothing came back, data is null if it could not be read.
  onAnswer (content, status, data) {
    if (status === 200 && data) return this.stored(content, data)
    if (status === 409 && data?.stored) {
      this.to('contested')
      return this.question.onContested(data)
    }
    if (status === 401) return this.again('signed')
    if (status === 409 || status === 410) {
      this.page.lock()
      this.to('locked')
      return this.question.onLocked(data)
    }
    if (status === 422 || status === 403 || status === 404 || status === 413) return this.refused(content, data)
    this.again(navigator.onLine ? 'failed' : 'offline')
  }

  stored (content, data) {
    this.delay = 0
    this.unwanted = undefined
    this.saved = content
    this.to('clean')
    this.question.onStored(data)
    this.flush()
  }

  refused (content, data) {
    this.unwanted = content
    this.to('refused')
    this.question.onRefused(data)
    if (this.question.fingerprint() !== content) this.flush()
  }

  // again tries once more, waiting longer each time. It is said aloud only once.
  again (why) {
    this.delay = Math.min(this.delay ? this.delay * 2 : FIRST_RETRY, LAST_RETRY)
    this.to('waiting', this.delay)
    this.question.onFailed(why, this.delay === FIRST_RETRY)
  }

  // inStep notes that the page shows what the server has. What is under way or to be chosen stays so.
  inStep () {
    this.saved = this.question.fingerprint()
    if (!this.held()) this.to('clean')
  }

  // decided ends a conflict; what the page shows then is sent or found in step.
  decided () { this.to('dirty') }

  // insist sends what was entered although the server has something else.
  insist () {
    this.saved = undefined
    this.flush()
  }

  // forget drops what was refused, and reports whether there was anything.
  forget () {
    if (this.unwanted === undefined) return false
    this.unwanted = undefined
    if (this.state === 'refused') this.to('dirty')
    return true
  }

  // drawn notes what the page shows before anybody has entered something.
  drawn () { this.saved = this.question.fingerprint() }

  // lock ends what waits. What is under way or to be chosen is locked when it has ended.
  lock () { this.to(this.state) }
}
