// Package checklist knows what a checklist is: its sections, questions, options,
// scales and levels, and what makes an answer valid. What becomes of answers in the next
// version is in carry, what differs between versions in compare, the linter in validate.
// It is pure: no file, no YAML, no clock. The catalog adapter reads files into it.
//
// # Glossary
//
// One term each, in code, in routes and in the database; the words in brackets are avoided.
//
//   - checklist: a versioned catalogue of questions (survey, form, template)
//   - section: a group of questions with a weight (category, chapter, domain)
//   - question: one thing that is judged or asked (item, criterion, indicator)
//   - option: one of the values a choice or multi question offers (choice, answer option)
//   - scale: an ordered list of options that several questions share (rating)
//   - level: what a total score is called, from a threshold on (grade, badge, tier)
//   - knockout: a question that caps the level when it is answered too low (veto, blocker)
//   - municipality: a town or rural municipality with an AGS (city, client, tenant)
//   - district: a Kreis, the first five digits of the AGS (county)
//   - version: one published state of a checklist, never changed again (revision, generation)
//   - step: what leads from one version to the next: its changes and the class they give it (migration, upgrade)
//   - carry over: what becomes of an answer along the steps: proposed, asked anew, or retired (convert, import)
//   - round: the period in which an agency's municipalities judge themselves (campaign, wave)
//   - assessment: one municipality's self-assessment in a round (response, submission)
//   - answer: what an assessment says to one question (response, entry)
//   - score: points of answers weighed together, 0 to 1 (result, mark)
//   - lever: what a question could still add to the total (potential, gap)
//   - benchmark: the comparison of a round's submitted assessments (ranking)
//   - peer group: the municipalities one is compared with (cluster)
//   - release: the frozen, disclosure-controlled table of a benchmark (publication)
//   - measure: something a municipality decides to do (task, action)
//   - example: something a municipality did that others can learn from, failed ideas included (best practice)
package checklist
