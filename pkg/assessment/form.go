package assessment

import (
	"context"
	"path"
	"slices"
	"strings"
	"unicode"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/wording"
)

// FormInput is what is to be stored of one question that a form brought back.
type FormInput struct {
	Question   checklist.QuestionID
	Input           // no value and no reason: the answer is taken back
	KeepAnswer bool // only the comment is stored
	Confirm    bool // the answer is the proposal's and keeps its origin; its comment and evidence come along
}

// InputOf returns what a person would have typed for an answer.
func InputOf(a checklist.Answer) Input {
	switch a.Kind {
	case checklist.AnswerNotApplicable:
		return Input{NotApplicable: &a.Text}
	case checklist.AnswerOptions:
		values := make([]string, len(a.Options))
		for i, o := range a.Options {
			values[i] = string(o)
		}
		return Input{Values: values}
	case checklist.AnswerNumber:
		// With a comma: 1.125 could be read in two ways.
		return Input{Values: []string{strings.Replace(a.Number.String(), ".", ",", 1)}}
	}
	return Input{Values: []string{a.Text}}
}

// The years before and after a round within which the day of an answer needs no second look. What is asked for are a
// concept's date or the end of a plan: what lies beyond is a slip of the year more often than a day that was meant.
const (
	yearsBefore = 20
	yearsAfter  = 3
)

// FarDay reports whether an answer is a day more than twenty years before the round opens or three
// after it closes: such a day is taken, and somebody is asked to look at it.
func (h Head) FarDay(a checklist.Answer) bool {
	return a.Kind == checklist.AnswerDate &&
		(a.Text < wording.ISODay(h.Opens.AddDate(-yearsBefore, 0, 0)) ||
			a.Text > wording.ISODay(h.Closes.AddDate(yearsAfter, 0, 0)))
}

// PlanForm says what bringing a form back would do to an assessment whose head was already allowed
// for editing, or is what the author's link is about; it changes nothing. Errors: Invalid with code
// form_other or form_version for the form of another assessment or checklist, form_delegated if it
// says something to a question that a link does not ask; Conflict assessment_locked or round_closed.
func (s *Service) PlanForm(ctx context.Context, by Author, h Head, r Returned) ([]MergeLine, error) {
	if !by.askedAll(r) {
		return nil, ErrOtherQuestions
	}
	if by.link != nil {
		r.Proposals = "" // only the town's own people confirm what was answered last time
	}
	switch {
	case r.Assessment != h.ID:
		return nil, fault.New(fault.Invalid, "form_other",
			"this form belongs to another assessment: open that one and bring it back there")
	case r.Hash != h.Hash:
		return nil, fault.New(fault.Invalid, "form_version",
			"this form was made for another version of the checklist: take a new form and copy your answers into it")
	}
	if err := s.takesAnswers(h, s.now().UTC()); err != nil {
		return nil, err
	}
	revisions := make(map[checklist.QuestionID]int, len(r.Filled))
	for _, f := range r.Filled {
		revisions[f.Question] = f.Revision
	}
	base, err := s.store.AtRevisions(ctx, h.ID, revisions)
	if err != nil {
		return nil, err
	}
	now, err := s.store.Entries(ctx, h.ID)
	if err != nil {
		return nil, err
	}
	filled, lapsed, err := s.proposed(ctx, h, r)
	if err != nil {
		return nil, err
	}
	lines := Merge(base, now, filled)
	for i := range lines {
		lines[i].Lapsed = lapsed[lines[i].Question]
	}
	return lines, nil
}

// proposed puts the proposals that a form confirms where its answers are. One that has changed
// since says nothing: nobody confirms what was not seen.
func (s *Service) proposed(ctx context.Context, h Head, r Returned) ([]Filled, map[checklist.QuestionID]bool, error) {
	if !slices.ContainsFunc(r.Filled, func(f Filled) bool { return f.Confirm }) {
		return r.Filled, nil, nil
	}
	p, err := s.Proposals(ctx, h)
	if err != nil {
		return nil, nil, err
	}
	filled, lapsed := slices.Clone(r.Filled), map[checklist.QuestionID]bool{}
	for i := range filled {
		f := &filled[i]
		if !f.Confirm {
			continue
		}
		if o, ok := p.List[f.Question]; ok && o.Reason == "" && p.Seen == r.Proposals {
			f.Answer, f.Blank, f.Clear = o.Answer, false, false
			continue
		}
		f.Confirm, f.Blank = false, true
		lapsed[f.Question] = true
	}
	return filled, lapsed, nil
}

// askedAll reports whether everything a form says is about questions that are the author's to answer.
func (a Author) askedAll(r Returned) bool {
	return !slices.ContainsFunc(r.Filled, func(f Filled) bool { return !a.asked(f.Question) }) &&
		!slices.ContainsFunc(r.Problems, func(p CellProblem) bool { return !a.asked(p.Question) })
}

// SaveForm stores what was decided to be taken from a form, all of it or nothing, and marks it with the
// file's name. Each revision is the one the decision was made on. Errors: NotFound for an unknown
// question; Invalid with fields, or with code form_delegated for a question that a link does not ask;
// Conflict (stale, assessment_locked, round_closed, delegation_nameless, those of Delegation.Refusal).
func (s *Service) SaveForm(ctx context.Context, by Author, h Head, file string, list []FormInput) ([]Entry, error) {
	if err := by.named(); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(list, func(in FormInput) bool { return !by.asked(in.Question) }) {
		return nil, ErrOtherQuestions
	}
	now := s.now().UTC()
	if err := s.takesAnswers(h, now); err != nil {
		return nil, err
	}
	d, err := s.checklists.Definition(ctx, h.Hash)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var p Proposals
	if slices.ContainsFunc(list, func(in FormInput) bool { return in.Confirm }) {
		if p, err = s.Proposals(ctx, h); err != nil {
			return nil, err
		}
	}
	writes := make([]Write, len(list))
	var wrong []fault.Field
	for i, in := range list {
		w, err := s.write(d, by.actor, h, in.Question, in.Input)
		f := fault.As(err)
		switch {
		case f != nil && len(f.Fields) > 0:
			wrong = append(wrong, f.Fields...)
		case err != nil:
			return nil, err
		}
		w.At, w.KeepAnswer, w.Origin = now, in.KeepAnswer, Origin{Kind: OriginForm, Subject: FileName(file)}
		if in.Confirm {
			o, ok := p.List[in.Question]
			if !ok || o.Reason != "" || !w.Given || !o.Answer.Equal(w.Answer) {
				return nil, ErrProposals
			}
			w.Origin = Origin{Kind: OriginCarried, Subject: p.From.RoundTitle, At: o.At()}
			w.Carried = &Carried{Source: p.From.ID, SourceChange: p.From.Change, Comment: o.Comment,
				Evidence: o.Evidence}
		}
		writes[i] = w
	}
	if err := fault.Fields(wrong); err != nil {
		return nil, err
	}
	return s.store.Save(ctx, h.ID, now, by.secret(), writes...)
}

// FileName makes the name of a file somebody sent fit to be shown: no folders, no control
// characters, at most 120 characters; form.xlsx if nothing remains.
func FileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), "\\", "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	name = plaintext.Line(name)
	if r := []rune(name); len(r) > 120 {
		name = string(r[:120])
	}
	if name = plaintext.Line(name); name == "" || name == "." || name == "/" {
		return "form.xlsx"
	}
	return name
}
