// Decides which questions are asked, exactly as the server's score package does: a condition on a question that is open,
// not applicable or inactive is false, and questions only refer to earlier ones. No browser in here: a test runs it alone
// against the server's own results.

// states returns 'open', 'answered', 'not_applicable' or 'inactive' by question id. answers holds, by id,
// { values: [...] } or { not_applicable: true }; a question that is missing is open.
export function states (program, answers) {
  const result = new Map()
  const questions = new Map(program.map(q => [q.id, q]))
  for (const q of program) {
    const answer = answers[q.id]
    if (q.when && !holds(q.when, questions, answers, result)) result.set(q.id, 'inactive')
    else if (!answer) result.set(q.id, 'open')
    else if (answer.not_applicable) result.set(q.id, 'not_applicable')
    else result.set(q.id, 'answered')
  }
  return result
}

function holds (condition, questions, answers, known) {
  if (condition.all) return condition.all.every(c => holds(c, questions, answers, known))
  if (condition.any) return condition.any.some(c => holds(c, questions, answers, known))
  if (condition.not) return !holds(condition.not, questions, answers, known)
  const question = questions.get(condition.question)
  if (!question || known.get(condition.question) !== 'answered') return false
  const values = answers[condition.question].values ?? []
  if (condition.at_least_number !== undefined) {
    const number = scaled(values[0])
    return question.type === 'number' && number !== null && number >= scaled(condition.at_least_number)
  }
  if (condition.at_least_option !== undefined) {
    return values.length === 1 && question.options.indexOf(values[0]) >= question.options.indexOf(condition.at_least_option)
  }
  return values.some(v => condition.any_of.includes(v))
}

// scaled reads a decimal as people write it into millionths, exactly; null if it is not a number the server takes.
export function scaled (text) {
  let s = String(text ?? '').trim()
  if (s.includes(',')) {
    const [whole, fraction, more] = s.split(',')
    if (more !== undefined || fraction.includes('.')) return null
    const groups = whole.split('.')
    if (groups.slice(1).some(g => g.length !== 3)) return null
    s = groups.join('') + '.' + fraction
  } else if (/^-?\d{1,4}\.\d{3}$/.test(s) && !/^0\./.test(s)) {
    return null // 1.500 can be read in two ways
  }
  const match = /^(-?)(\d{0,12})(?:\.(\d{0,6}))?$/.exec(s)
  if (!match || (!match[2] && !match[3])) return null
  const value = BigInt((match[2] || '0') + (match[3] ?? '').padEnd(6, '0'))
  return match[1] ? -value : value
}
