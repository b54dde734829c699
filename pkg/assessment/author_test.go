package assessment_test

import (
	"context"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
)

// TestAuthorByLink: by every way of writing, a link writes what it asks, under a stated name, while it is open.
func TestAuthorByLink(t *testing.T) {
	o := newSetup(t)
	ctx := t.Context()
	h := o.head(arnsberg, o.round("here", "2.0.0", arnsberg))
	form := func(q checklist.QuestionID) assessment.Returned {
		return assessment.Returned{Assessment: h.ID, Hash: h.Hash,
			Filled: []assessment.Filled{{Question: q, Blank: true}}}
	}
	ways := map[string]func(context.Context, assessment.Author, checklist.QuestionID) error{
		"answer": func(ctx context.Context, by assessment.Author, q checklist.QuestionID) error {
			_, err := o.Answer(ctx, by, h, q, assessment.Input{})
			return err
		},
		"form": func(ctx context.Context, by assessment.Author, q checklist.QuestionID) error {
			_, err := o.SaveForm(ctx, by, h, "x.xlsx", []assessment.FormInput{{Question: q}})
			return err
		},
	}
	request := assessment.Request{For: "Petra", Questions: []checklist.QuestionID{"woche"}}
	token, d, err := o.Delegate(ctx, lead(arnsberg), h, request)
	must(t, err)
	link := func() assessment.Author {
		t.Helper()
		_, d, err = o.Delegated(ctx, token)
		must(t, err)
		return assessment.ByLink(d)
	}
	for _, write := range ways {
		wantCode(t, write(ctx, link(), "woche"), fault.Conflict, "delegation_nameless")
		must(t, write(ctx, assessment.ByAccount(lead(arnsberg)), "netz"))
	}
	link()
	must(t, o.StateName(ctx, h, d, "Petra Beispiel"))
	by := link()
	other := map[string]struct {
		kind fault.Kind
		code string
	}{"answer": {fault.NotFound, "question_unknown"}, "form": {fault.Invalid, "form_delegated"}}
	for name, write := range ways {
		must(t, write(ctx, by, "woche"))
		wantCode(t, write(ctx, by, "netz"), other[name].kind, other[name].code)
	}
	_, err = o.PlanForm(ctx, by, h, form("woche"))
	must(t, err)
	_, err = o.PlanForm(ctx, by, h, form("netz"))
	wantCode(t, err, fault.Invalid, "form_delegated")
	problem := form("woche")
	problem.Problems = []assessment.CellProblem{{Question: "netz"}}
	_, err = o.PlanForm(ctx, by, h, problem)
	wantCode(t, err, fault.Invalid, "form_delegated")
	_, err = o.PlanForm(ctx, assessment.ByAccount(lead(arnsberg)), h, problem)
	must(t, err)

	found := d
	found.Secret = account.Hash{} // as lists return it
	must(t, o.Revoke(ctx, lead(arnsberg), h, d.ID))
	for _, write := range ways {
		wantCode(t, write(ctx, by, "woche"), fault.Conflict, "delegation_revoked")
		if err := write(ctx, assessment.ByLink(found), "woche"); !fault.Is(err, fault.NotFound) {
			t.Errorf("without its secret: %v", err)
		}
	}
}
