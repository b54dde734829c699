package answering

import (
	"net/url"
	"slices"

	"ortsspiegel/pkg/checklist"
)

// basket are the questions that a lead has picked to ask a colleague about. It travels in the address alone.
type basket []string

// newBasket keeps of what an address or a form says the questions that there are, each once.
func newBasket(d *checklist.Definition, questions []string) basket {
	var b basket
	for _, q := range questions {
		if d.Ordinal(checklist.QuestionID(q)) >= 0 {
			b = b.with(q)
		}
	}
	return b
}

func (b basket) with(question string) basket {
	if slices.Contains(b, question) {
		return b
	}
	return append(slices.Clip(b), question)
}

// delegations is the address, below the assessment's, of the page where somebody is asked about the questions.
func (b basket) delegations() string {
	return "/delegations?" + url.Values{"question": b}.Encode() + "#ask"
}

// query is the part of a section's address that carries the basket there, behind a mark; empty for an empty one.
func (b basket) query(mark string) string {
	if len(b) == 0 {
		return ""
	}
	return mark + url.Values{"ask": b}.Encode()
}
