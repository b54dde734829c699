package assessments

import (
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// The steps of a town's way through an assessment, in their order.
const (
	stepShare = iota
	stepFill
	stepCheck
	stepResult
	stepBenchmark
)

// Steps are a town's way through an assessment: share out, fill in, check, result, comparison. The
// agency has another way and gets none.
func Steps(r *site.Request, h assessment.Head) []site.StepView {
	if !r.Actor.Role.ForTown() || !h.Removed.IsZero() {
		return nil
	}
	now := r.Srv.Now()
	address := func(rest string) string { return (&AssessmentPage{ID: int64(h.ID)}).Address(rest) }
	submitted := h.Status == assessment.Submitted
	text, words := r.Text.Text, r.Text.Words()
	steps := []site.StepView{
		{Label: text("step.share"), State: text("step.share_now")},
		{Label: text("step.fill"), URL: address(""),
			State: text("step.until", "Date", words.Date(wording.LastDay(h.Closes)))},
		{Label: text("step.check"), URL: address("/overview"), State: text("step.check_next")},
		{Label: text("step.result"), URL: address("/result"), State: text("step.result_next")},
		{Label: text("step.benchmark"), State: text("step.benchmark_next")},
	}
	if account.Can(r.Actor, account.DelegateQuestions, h.Object()) && h.Status == assessment.Draft {
		steps[stepShare].URL = address("/delegations")
	}
	at := stepFill
	switch {
	case h.Released:
		steps[stepBenchmark].URL, steps[stepBenchmark].State = address("/benchmark"), text("step.benchmark_now")
		at = stepBenchmark
	case submitted:
		at = stepResult
	}
	if submitted {
		steps[stepShare].State = ""
		steps[stepFill].State = ""
		steps[stepCheck].State = text("step.submitted")
		steps[stepResult].State = text("step.result_now")
	} else if !h.TakesAnswers(now) {
		steps[stepShare].State = ""
		steps[stepFill].State = text("step.closed")
		if now.Before(h.Opens) {
			steps[stepFill].State = text("step.from", "Date", words.Date(h.Opens))
		}
		steps[stepCheck].State = ""
	}
	for i := range steps {
		steps[i].Number = i + 1
		// What was not done stays undone, also once the way has gone past it, and nobody needs to be asked.
		steps[i].Done = i < at && submitted
		steps[i].Now = i == at
	}
	return steps
}

// Filled writes into the steps how many questions are answered, and moves on to checking once all are.
func (p *AssessmentPage) Filled(m *site.Messages, c Counted) {
	if len(p.JobSteps) == 0 || !p.JobSteps[stepFill].Now || !p.Editable {
		return
	}
	p.JobSteps[stepFill].State = m.Text("tasks.some", "Done", c.Done, "All", c.All)
	if c.Done == c.All {
		p.JobSteps[stepFill].Now, p.JobSteps[stepFill].Done = false, true
		p.JobSteps[stepCheck].Now = true
	}
}
