package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

// standing is a round's towns with their states, as the database wrote them into two texts, and
// the list that was made of them at a revision of the towns.
type standing struct {
	round          round.ID
	revision       string
	towns, entered string              // participants and assessments: fields, each with a space behind
	list           []round.Participant // by name; never changed
}

// The fields of a participant and of an assessment.
const (
	fieldsOfTown    = 3
	fieldsOfEntered = 6
)

// read returns the towns that take part, in no order. Of a town it knows the key alone; a
// population of -1 is that of today.
func (n *standing) read() ([]round.Participant, error) {
	type half struct {
		round.Participant
		removed bool
	}
	entered := map[region.AGS]half{}
	err := eachFields(n.entered, fieldsOfEntered, func(f []string) error {
		id, err := strconv.ParseInt(f[1], 10, 64)
		if err != nil {
			return err
		}
		change, err := strconv.ParseInt(f[3], 10, 64)
		if err != nil {
			return err
		}
		at, err := strconv.ParseInt(f[4], 10, 64)
		entered[region.AGS(f[0])] = half{round.Participant{Assessment: assessment.ID(id),
			Status: assessment.Status(f[2]),
			Change: change, Submitted: stamp(at).time()}, f[5] == "1"}
		return err
	})
	if err != nil {
		return nil, err
	}
	var list []round.Participant
	err = eachFields(n.towns, fieldsOfTown, func(f []string) error {
		h := entered[region.AGS(f[0])]
		if h.removed {
			return nil
		}
		p := h.Participant
		p.Town.AGS = region.AGS(f[0])
		p.Consent.Total, p.Consent.Sections, p.Consent.Examples = f[2][0] == '1', f[2][1] == '1', f[2][2] == '1'
		var err error
		p.Population, err = strconv.Atoi(f[1])
		list = append(list, p)
		return err
	})
	return list, err
}

// eachFields calls f for so many fields at a time of a text; none of them is empty.
func eachFields(text string, n int, f func(fields []string) error) error {
	fields := make([]string, n)
	for text != "" {
		for i := range fields {
			var ok bool
			if fields[i], text, ok = strings.Cut(text, " "); !ok || fields[i] == "" {
				return fmt.Errorf("packed participants are broken at %q", text[:min(len(text), 40)])
			}
		}
		if err := f(fields); err != nil {
			return err
		}
	}
	return nil
}

// standings keeps the lists of the rounds that were read last.
type standings struct {
	mu   sync.Mutex
	list []standing // the newest last
}

// mostStandings is how many rounds' lists are kept: one of a country's towns takes about 4 MB.
const mostStandings = 4

// find returns what was made of the same texts at the same revision, for the caller to change.
func (k *standings) find(n *standing) ([]round.Participant, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := range k.list {
		o := &k.list[i]
		if o.round == n.round && o.revision == n.revision && o.towns == n.towns && o.entered == n.entered {
			return slices.Clone(o.list), true
		}
	}
	return nil, false
}

func (k *standings) keep(n standing) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.list = slices.DeleteFunc(k.list, func(o standing) bool { return o.round == n.round })
	k.list = append(k.list[max(0, len(k.list)-mostStandings+1):], n)
}

// groupTexts keeps what was decoded of rounds' peer groups, which name every town three times:
// lists of rounds read them too, and rounds of the same towns have the same.
type groupTexts struct {
	mu    sync.Mutex
	known map[string][]region.Group // by the text
	bytes int
}

// mostOfGroups bounds the texts that are kept, in bytes: ten rounds of a country's towns.
const mostOfGroups = 4 << 20

// of returns the groups of a text. They are shared: nobody may change them.
func (k *groupTexts) of(text string) ([]region.Group, error) {
	k.mu.Lock()
	groups, ok := k.known[text]
	k.mu.Unlock()
	if ok {
		return groups, nil
	}
	groups, err := decodeGroups(text)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.bytes+len(text) > mostOfGroups || k.known == nil {
		k.known, k.bytes = map[string][]region.Group{}, 0
	}
	if _, ok := k.known[text]; !ok {
		k.known[text] = groups
		k.bytes += len(text)
	}
	return groups, nil
}
