// Cases for static/js/queue.js, which the test imports as Queue. Requests wait until a case answers them, time stands still until
// a case lets it pass.
import assert from 'node:assert/strict'

let now = 0
let timers = []
globalThis.setTimeout = (run, ms) => { const timer = { run, at: now + ms }; timers.push(timer); return timer }
globalThis.clearTimeout = timer => { timers = timers.filter(t => t !== timer) }
AbortSignal.timeout = () => undefined
Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true })

let requests = []
globalThis.fetch = (address, { body, keepalive }) => new Promise((resolve, reject) => {
  requests.push({
    address, body: String(body), keepalive, fail: () => reject(new Error('away')), answer: (status, data) => resolve({ status, json: async () => data })
  })
})

// rest lets everything run that waits for nothing but its turn.
const rest = () => new Promise(resolve => setImmediate(resolve))

async function pass (ms) {
  now += ms
  for (const timer of timers.filter(t => t.at <= now)) {
    timers = timers.filter(t => t !== timer)
    timer.run()
  }
  await rest()
}

async function end (how, ...values) {
  requests.at(-1)[how](...values)
  await rest()
}

function start () {
  now = 0
  timers = []
  requests = []
  const told = []
  const hears = name => (...values) => { told.push([name, ...values]) }
  const page = { form: { dataset: { answers: '/answers/' } }, locked: false, lock () { page.locked = true; queue.lock() } }
  const fields = { revision: { value: '0' }, seen: { value: '' } }
  const question = {
    id: 'a b', entered: false, content: '', reason: true,
    field: name => fields[name],
    fingerprint: () => question.content,
    body: () => new URLSearchParams({ value: question.content }),
    lacksReason: () => !question.reason,
    askForReason: hears('reason'),
    onSending: hears('sending'),
    onStored: data => { told.push(['stored']); queue.noteRevision(data) },
    onContested: hears('contested'),
    onRefused: hears('refused'),
    onRefusedAgain: hears('refused again'),
    onTakenBack: hears('taken back'),
    onLocked: hears('locked'),
    onFailed: hears('failed')
  }
  const queue = new Queue(page, question)
  const enter = content => { question.entered = true; question.content = content }
  return { page, question, queue, told, enter, choose: content => { enter(content); queue.flush() } }
}

const cases = {
  async 'what a browser has put back is never sent' () {
    const { question, queue } = start()
    question.content = 'old'
    queue.flush(true)
    assert.equal(requests.length, 0)
    assert.equal(queue.state, 'clean')
    assert.equal(queue.unsaved(), false)
  },

  async 'one request at a time, the next with the revision of the last' () {
    const { queue, choose, enter } = start()
    choose('1')
    assert.equal(queue.state, 'sending')
    assert.equal(requests[0].address, '/answers/a%20b')
    choose('2')
    enter('3')
    queue.edited(900)
    await pass(5000)
    assert.equal(requests.length, 1)
    await end('answer', 200, { revision: 1, seen: 'x' })
    assert.equal(queue.state, 'sending')
    assert.equal(requests[1].body, 'value=3&revision=1&seen=x')
    await end('answer', 200, { revision: 2 })
    assert.equal(queue.state, 'clean')
    assert.equal(queue.unsaved(), false)
    assert.equal(queue.revision, 2)
  },

  async 'typing waits for a pause, leaving the page does not' () {
    const { queue, enter } = start()
    enter('1')
    queue.edited(900)
    assert.equal(queue.state, 'dirty')
    await pass(600)
    queue.edited(900)
    await pass(600)
    assert.equal(requests.length, 0)
    await pass(300)
    assert.equal(requests.length, 1)
    await end('answer', 200, { revision: 1 })
    enter('2')
    queue.edited(900)
    queue.flush(true)
    assert.deepEqual([requests.length, requests[1].keepalive], [2, true])
  },

  async 'what is entered and taken back before it was sent needs no request' () {
    const { queue, told, enter } = start()
    enter('1')
    queue.edited(900)
    assert.equal(queue.unsaved(), true)
    enter('')
    await pass(900)
    assert.deepEqual([requests.length, queue.state, queue.unsaved(), told], [0, 'clean', false, [['taken back']]])
    queue.flush()
    assert.deepEqual([queue.state, told.length], ['clean', 1])
  },

  async 'the way by arrow keys back to what is saved ends as it began' () {
    const { queue, told, choose, enter } = start()
    choose('2')
    await end('answer', 200, { revision: 1 })
    for (const option of ['3', '4', '3', '2']) {
      enter(option)
      queue.edited(1000)
      await pass(400)
    }
    assert.equal(queue.state, 'dirty')
    await pass(1000)
    assert.deepEqual([requests.length, queue.state, told.at(-1), timers.length], [1, 'clean', ['taken back'], 0])
  },

  async 'what a retry waits for and was taken back is no longer said to be unsaved' () {
    const { queue, told, choose, enter } = start()
    choose('1')
    await end('fail')
    enter('')
    await pass(1500)
    assert.deepEqual([requests.length, queue.state, told.at(-1), timers.length], [1, 'clean', ['taken back'], 0])
    choose('2')
    await end('fail')
    assert.deepEqual(told.at(-1), ['failed', 'failed', true])
  },

  async 'retries wait longer each time, are said aloud once, and begin anew after a success' () {
    const { queue, told, choose } = start()
    choose('1')
    const waits = []
    for (let i = 0; i < 7; i++) {
      await end('fail')
      assert.equal(queue.state, 'waiting')
      waits.push(timers[0].at - now)
      await pass(waits.at(-1))
    }
    assert.deepEqual(waits, [1500, 3000, 6000, 12000, 24000, 30000, 30000])
    assert.deepEqual(told.filter(([name]) => name === 'failed').map(([, why, aloud]) => [why, aloud]), waits.map((_, i) => ['failed', i === 0]))
    await end('answer', 200, { revision: 1 })
    choose('2')
    await end('answer', 503, null)
    assert.equal(timers[0].at - now, 1500)
  },

  async 'a network or a sign-in that comes back is used at once' () {
    const { queue, told, choose, enter } = start()
    choose('1')
    await end('answer', 401, null)
    assert.deepEqual(told.at(-1), ['failed', 'signed', true])
    queue.retryNow()
    assert.equal(queue.state, 'sending')
    queue.retryNow()
    assert.equal(requests.length, 2)
    assert.equal(timers.length, 0)
    await end('fail')
    enter('2')
    queue.edited(900)
    queue.retryNow()
    assert.equal(requests[2].body, 'value=2&revision=0&seen=')
  },

  async 'what was refused is not asked for again, something else is' () {
    const { queue, told, choose, enter } = start()
    choose('9000')
    await end('answer', 422, { fields: {} })
    assert.deepEqual([queue.state, queue.unsaved()], ['refused', true])
    choose('9000')
    queue.retryNow()
    assert.deepEqual([requests.length, queue.state], [1, 'refused'])
    enter('90')
    queue.edited(900)
    choose('9000')
    assert.deepEqual([requests.length, queue.state, told.at(-1)], [1, 'refused', ['refused again']])
    choose('')
    assert.deepEqual([requests.length, queue.state, told.at(-1)], [1, 'clean', ['taken back']])
    choose('9')
    assert.equal(requests.length, 2)
    await end('answer', 200, { revision: 1 })
    choose('9000')
    assert.equal(requests.length, 3)
  },

  async 'what was mended while it was being refused follows' () {
    const { queue, choose, enter } = start()
    choose('9000')
    enter('9')
    await end('answer', 422, null)
    assert.deepEqual([requests.length, queue.state], [2, 'sending'])
  },

  async 'a missing reason keeps it back' () {
    const { question, queue, told, choose } = start()
    question.reason = false
    choose('na')
    assert.deepEqual([requests.length, queue.state, told], [0, 'dirty', [['reason']]])
    assert.equal(queue.unsaved(), true)
    question.reason = true
    queue.flush()
    assert.equal(requests.length, 1)
  },

  async 'in a conflict nothing is sent until somebody has chosen' () {
    const { queue, told, choose } = start()
    choose('1')
    await end('answer', 409, { stored: { revision: 4, seen: 'y' } })
    assert.deepEqual([queue.state, told.at(-1)[0]], ['contested', 'contested'])
    choose('2')
    queue.edited(900)
    queue.retryNow()
    queue.inStep()
    await pass(60000)
    assert.deepEqual([requests.length, queue.state], [1, 'contested'])
    queue.noteRevision({ revision: 4, seen: 'y' })
    queue.decided()
    queue.insist()
    assert.equal(requests[1].body, 'value=2&revision=4&seen=y')
    await end('answer', 409, { stored: { revision: 5 } })
    queue.decided()
    queue.inStep()
    assert.deepEqual([queue.state, queue.unsaved()], ['clean', false])
  },

  async 'a page that is locked sends nothing more, and asks nobody to stay' () {
    for (const status of [409, 410]) {
      const { queue, told, choose } = start()
      choose('1')
      await end('answer', status, { message: 'closed' })
      assert.deepEqual([queue.state, told.at(-1)[0], queue.unsaved()], ['locked', 'locked', false])
      choose('2')
      queue.retryNow()
      queue.edited(900)
      queue.inStep()
      await pass(60000)
      assert.deepEqual([requests.length, queue.state], [1, 'locked'])
    }
  },

  async 'a lock lets what is under way and what is to be chosen end' () {
    const ends = [['answer', 200, { revision: 1 }], ['answer', 422, null], ['answer', 401, null], ['fail']]
    for (const how of ends) {
      const { page, queue, choose } = start()
      choose('1')
      page.lock()
      assert.deepEqual([queue.state, queue.unsaved()], ['sending', true])
      await end(...how)
      assert.equal(timers.length, 0)
      await pass(60000)
      assert.deepEqual([requests.length, queue.state, queue.unsaved()], [1, 'locked', false])
    }
    const { page, queue, choose } = start()
    choose('1')
    page.lock()
    await end('answer', 409, { stored: { revision: 4 } })
    assert.deepEqual([queue.state, queue.unsaved()], ['contested', false])
    queue.decided()
    queue.insist()
    assert.deepEqual([requests.length, queue.state], [1, 'locked'])
  },

  async 'a retry that waits is given up when the page is locked' () {
    const { page, queue, choose } = start()
    choose('1')
    await end('fail')
    page.lock()
    await pass(60000)
    assert.deepEqual([requests.length, queue.state], [1, 'locked'])
  },

  async 'who waits for everything to be saved waits for what followed, too' () {
    const { queue, choose, enter } = start()
    enter('1')
    let done = false
    queue.allSaved().then(() => { done = true })
    choose('2')
    await end('answer', 200, { revision: 1 })
    assert.equal(done, false)
    await end('answer', 200, { revision: 2 })
    assert.deepEqual([done, queue.unsaved()], [true, false])
  },

  async 'a refusal that is forgotten may be asked for again' () {
    const { queue, choose } = start()
    assert.equal(queue.forget(), false)
    choose('1')
    await end('answer', 422, null)
    assert.equal(queue.forget(), true)
    assert.equal(queue.state, 'dirty')
    queue.flush()
    assert.equal(requests.length, 2)
  }
}

for (const [name, run] of Object.entries(cases)) {
  try {
    await run()
  } catch (e) {
    console.log(name + ': ' + e.stack)
    process.exitCode = 1
  }
}
