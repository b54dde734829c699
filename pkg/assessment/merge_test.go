package assessment

import (
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/checklist"
)

func said(text string) checklist.Answer {
	return checklist.Answer{Kind: checklist.AnswerText, Text: text}
}

func TestMergeVerdicts(t *testing.T) {
	a := Entry{Given: true, Answer: said("a"), Revision: 3}
	b := Entry{Given: true, Answer: said("b"), Revision: 4}
	open := Entry{Revision: 5}
	none := Entry{}
	for _, c := range []struct {
		name      string
		base, now Entry
		file      Filled
		want      Verdict
	}{
		{"nothing changed", a, a, Filled{Answer: said("a")}, Unchanged},
		{"only the form", a, a, Filled{Answer: said("b")}, Take},
		{"only the server", a, b, Filled{Answer: said("a")}, Keep},
		{"both alike", a, b, Filled{Answer: said("b")}, Unchanged},
		{"both differently", a, b, Filled{Answer: said("c")}, Clash},
		{"first answer", none, none, Filled{Answer: said("a")}, Take},
		{"first answer, meanwhile another", none, b, Filled{Answer: said("a")}, Clash},
		{"blank never deletes", a, a, Filled{Blank: true}, Keep},
		{"blank where the server has changed", a, b, Filled{Blank: true}, Keep},
		{"clear deletes", a, a, Filled{Clear: true}, Take},
		{"clear what is open already", a, open, Filled{Clear: true}, Unchanged},
		{"clear what never was", none, none, Filled{Clear: true}, Unchanged},
		{"clear against a change", a, b, Filled{Clear: true}, Clash},
		{"answer against a deletion", a, open, Filled{Answer: said("b")}, Clash},
		{"form keeps what the server deleted", a, open, Filled{Answer: said("a")}, Keep},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.file.Question = "q"
			lines := Merge(map[checklist.QuestionID]Entry{"q": c.base}, map[checklist.QuestionID]Entry{"q": c.now},
				[]Filled{c.file})
			if got := lines[0].Answer; got != c.want {
				t.Errorf("answer: %s, want %s", got, c.want)
			}
			if got := lines[0].Comment; got != Keep {
				t.Errorf("a silent comment: %s, want %s", got, Keep)
			}
		})
	}
}

// drawEntry draws one of few states, so that all of them meet.
func drawEntry(t *rapid.T, name string) Entry {
	e := Entry{Revision: rapid.IntRange(0, 9).Draw(t, name+" revision"),
		Comment: rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, name+" comment")}
	if v := rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, name); v != "" {
		e.Given, e.Answer = true, said(v)
	}
	return e
}

func drawFilled(t *rapid.T) Filled {
	f := Filled{Question: "q", Comment: rapid.SampledFrom([]string{"", "x", "y", "z"}).Draw(t, "file comment")}
	switch v := rapid.SampledFrom([]string{"blank", "clear", "a", "b", "c"}).Draw(t, "file"); v {
	case "blank":
		f.Blank = true
	case "clear":
		f.Clear = true
	default:
		f.Answer = said(v)
	}
	return f
}

// TestMergeModel compares with what a person would expect, one thing at a time: "" stands for
// open and for no comment.
func TestMergeModel(t *testing.T) {
	text := func(e Entry) string { return e.Answer.Text }
	model := func(base, now, file string, silent, preferFile bool) string {
		fileChanged, nowChanged := file != base, now != base
		switch {
		case silent, !fileChanged:
			return now
		case !nowChanged:
			return file
		case preferFile:
			return file
		}
		return now
	}
	rapid.Check(t, func(t *rapid.T) {
		base, now, file := drawEntry(t, "base"), drawEntry(t, "now"), drawFilled(t)
		preferFile := rapid.Bool().Draw(t, "prefer the file")
		bases, nows := map[checklist.QuestionID]Entry{"q": base}, map[checklist.QuestionID]Entry{"q": now}
		line := Merge(bases, nows, []Filled{file})[0]
		after := now
		in, writes := line.Input(preferFile)
		if writes {
			if in.Revision != now.Revision {
				t.Fatalf("writes over revision %d, but %d is stored", in.Revision, now.Revision)
			}
			after.Revision++
			if !in.KeepAnswer {
				after.Given, after.Answer = len(in.Values) > 0, checklist.Answer{}
				if after.Given {
					after.Answer = said(in.Values[0])
				}
			}
			if in.Comment != nil {
				after.Comment = *in.Comment
			}
		}
		if want := model(text(base), text(now), file.Answer.Text, file.Blank, preferFile); text(after) != want {
			t.Fatalf("answer %q, want %q", text(after), want)
		}
		if after.Given != (text(after) != "") {
			t.Fatalf("given %v with the answer %q", after.Given, text(after))
		}
		if want := model(base.Comment, now.Comment, file.Comment, file.Comment == "",
			preferFile); after.Comment != want {
			t.Fatalf("comment %q, want %q", after.Comment, want)
		}
		if writes && sameAnswer(after, now) && after.Comment == now.Comment {
			t.Fatal("wrote what was stored already")
		}
		// The same file again changes nothing, decided the same way.
		again := Merge(bases, map[checklist.QuestionID]Entry{"q": after}, []Filled{file})[0]
		if again.Changes(preferFile) {
			t.Fatalf("the same file a second time: %s, %s", again.Answer, again.Comment)
		}
	})
}
