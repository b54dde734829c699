package assessment

import (
	"strings"
	"unicode/utf8"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/plaintext"
)

// Verdict says what a merge does with one thing that a form brings back.
type Verdict string

// The verdicts.
const (
	Unchanged Verdict = "unchanged" // the form says what is stored
	Take      Verdict = "take"      // only the form has changed it
	Keep      Verdict = "keep"      // the form says nothing new: what is stored stays
	Clash     Verdict = "conflict"  // both have changed it, differently: a person decides
)

// MergeLine is one question of a merge: as exported, as it is now, as the form says.
type MergeLine struct {
	Question checklist.QuestionID
	Base     Entry // as exported; zero if there was no entry
	Now      Entry // as stored; zero if there is no entry
	File     Filled
	Answer   Verdict
	Comment  Verdict
	// Lapsed says that the form confirms a proposal that is not made any more, or no longer in this
	// way: it stores nothing.
	Lapsed bool
}

// Conflict reports whether a person has to decide.
func (l *MergeLine) Conflict() bool { return l.Answer == Clash || l.Comment == Clash }

// Changes reports whether the line writes anything; preferFile decides its conflicts.
func (l *MergeLine) Changes(preferFile bool) bool {
	return l.takes(l.Answer, preferFile) || l.takes(l.Comment, preferFile)
}

func (l *MergeLine) takes(v Verdict, preferFile bool) bool {
	return v == Take || v == Clash && preferFile
}

// Merge compares three states of each question a form brings back, answer and comment apart.
// A question without an entry in base or now was not answered then, or is not now.
func Merge(base, now map[checklist.QuestionID]Entry, filled []Filled) []MergeLine {
	lines := make([]MergeLine, len(filled))
	for i, f := range filled {
		l := MergeLine{Question: f.Question, Base: base[f.Question], Now: now[f.Question], File: f}
		file := Entry{Given: !f.Clear, Answer: f.Answer, Comment: f.Comment}
		l.Answer = verdict(f.Blank, sameAnswer(file, l.Base), sameAnswer(file, l.Now), sameAnswer(l.Base, l.Now))
		l.Comment = verdict(f.Comment == "" && !f.ClearComment, alike(f.Comment, l.Base.Comment),
			alike(f.Comment, l.Now.Comment), l.Base.Comment == l.Now.Comment)
		lines[i] = l
	}
	return lines
}

// verdict of a three-way merge, by what says nothing or is the same as what.
func verdict(silent, fileIsBase, fileIsNow, baseIsNow bool) Verdict {
	switch {
	case silent:
		return Keep
	case fileIsNow:
		return Unchanged
	case fileIsBase:
		return Keep
	case baseIsNow:
		return Take
	}
	return Clash
}

func sameAnswer(a, b Entry) bool {
	if !a.Given || !b.Given {
		return a.Given == b.Given
	}
	if a.Answer.Kind == b.Answer.Kind && alike(a.Answer.Text, b.Answer.Text) {
		b.Answer.Text = a.Answer.Text
	}
	return a.Answer.Equal(b.Answer)
}

// alike reports whether two texts are the same to a spreadsheet, which keeps neither control characters
// nor the space around a text: what only it has changed nobody has changed.
func alike(a, b string) bool { return a == b || carried(a) == carried(b) }

func carried(s string) string {
	return plaintext.Text(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r >= 0x7F && r < 0xA0 || r == utf8.RuneError ||
			r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s))
}

// Input returns what a line stores; ok is false if it stores nothing.
func (l *MergeLine) Input(preferFile bool) (in FormInput, ok bool) {
	if !l.Changes(preferFile) {
		return FormInput{}, false
	}
	in = FormInput{Question: l.Question, KeepAnswer: !l.takes(l.Answer, preferFile)}
	if !in.KeepAnswer && !l.File.Clear {
		in.Input = InputOf(l.File.Answer)
		in.Confirm = l.File.Confirm
	}
	in.Revision = l.Now.Revision
	if l.takes(l.Comment, preferFile) {
		in.Comment = &l.File.Comment
	}
	return in, true
}
