package checklists

import (
	"slices"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/checklist/compare"
	"ortsspiegel/pkg/web/site"
)

type changesView struct {
	site.PageView
	Checklist      string // its title
	From, To       string // versions
	FromURL, ToURL string
	Differs        bool
	Class          string // patch, minor or major
	Reasons        []string
	Notes          []changeNote
	Older, Newer   site.SelectView // without options: there is only this pair
	Topics         []changeTopic
	Unchanged      int
	Whole          []changeLine
	Scales         []changedScale
	Sections       []changedSection
	Same           []string // titles of the sections in which nothing changed
}

type changeNote struct{ Version, Text string }

// changeTopic is a line of the summary with the questions behind it.
type changeTopic struct {
	Label string
	Links []changeLink
}

type changeLink struct{ Anchor, Text string }

// changeLine is one thing that was changed: a text word by word, or a rule before and after.
type changeLine struct {
	Label    string
	Words    []compare.WordPiece
	Old, New string
}

type changedScale struct {
	Label     string // how many questions share it
	Questions []changeLink
	Options   []changedOption
	Lines     []changeLine
}

// changedOption is an answer and its points, before and after; where both are the same, only Same.
type changedOption struct{ Label, Points beforeAfter }

type beforeAfter struct{ Same, Old, New string }

func compared(old, new string) beforeAfter {
	if old == new {
		return beforeAfter{Same: old}
	}
	return beforeAfter{Old: old, New: new}
}

type changedSection struct {
	ID, Title string
	Tags      []changeTag
	Lines     []changeLine
	Questions []changedQuestion
	Unchanged int // questions
	WithScale int // questions that changed only with a scale they share
}

type changeTag struct{ Label, Kind string } // Kind: success, warning, info or empty

type changedQuestion struct {
	Anchor, Number, Heading string
	Tags                    []changeTag
	Effects                 []string // what it means for answers
	Was                     []string // the questions it comes from, where they are others
	Also                    []changeLink
	Lines                   []changeLine
	Options                 []changedOption
	Answers                 []optionLine    // of a new question
	Help                    *site.ProseView // likewise
	Why                     []string
}

// changesPage puts a difference into words.
type changesPage struct {
	*changesView
	r    *site.Request
	d    *compare.Difference
	lang checklist.Lang // of the texts that are compared: the reader's, if both versions have it
}

func newChangesView(r *site.Request, path *carry.Path, d *compare.Difference) changesView {
	lang := checklist.Lang(r.Text.Lang)
	v := &changesView{
		PageView:  r.Page(r.Text.Text("changes.title", "From", d.From.Version, "To", d.To.Version)),
		Checklist: d.To.Title.In(lang), From: string(d.From.Version), To: string(d.To.Version),
		Class: string(d.Class()), Unchanged: d.Unchanged(),
	}
	address := func(d *checklist.Definition) string {
		return "/checklists/" + string(d.ID) + "/" + string(d.Version)
	}
	v.FromURL, v.ToURL = address(d.From), address(d.To)
	v.Within = v.Checklist
	v.SetCrumbs(site.Crumb{Label: r.Text.Text("checklists.title"), URL: "/checklists"},
		site.Crumb{Label: v.Checklist, URL: v.ToURL}, site.Crumb{Label: v.Title, URL: ""})
	for _, version := range path.Versions()[1:] {
		if version.Changes != nil && !version.Changes.Note.IsZero() {
			v.Notes = append(v.Notes, changeNote{string(version.Version), version.Changes.Note.In(lang)})
		}
	}
	v.Differs = len(d.Reasons()) > 0
	p := &changesPage{changesView: v, r: r, d: d, lang: lang}
	if !slices.Contains(d.From.Languages, lang) || !slices.Contains(d.To.Languages, lang) {
		p.lang = d.To.Languages[0]
	}
	p.reasons()
	p.topics()
	p.whole()
	p.scales()
	p.sections()
	return *v
}

func (p *changesPage) text(id string, args ...any) string { return p.r.Text.Text(id, args...) }

// reasons tells what gives the step its class, by kind.
func (p *changesPage) reasons() {
	counts := map[compare.Aspect]int{}
	var order []compare.Aspect
	for _, reason := range p.d.Reasons() {
		if string(reason.Class) != p.Class {
			break // they come in the order of their classes
		}
		if counts[reason.Code]++; counts[reason.Code] == 1 {
			order = append(order, reason.Code)
		}
	}
	for _, a := range order {
		p.Reasons = append(p.Reasons, p.text("changes.reason."+string(a), "Count", counts[a]))
	}
}

// topics counts the questions by what changed, with a link to each.
func (p *changesPage) topics() {
	for _, topic := range compare.Topics() {
		t := changeTopic{}
		for i := range p.d.Questions {
			c := &p.d.Questions[i]
			if !concerns(c, topic) {
				continue
			}
			t.Links = append(t.Links, changeLink{anchorOf(c), questionOf(c).Text.In(p.lang)})
		}
		if len(t.Links) > 0 {
			t.Label = p.text("changes.topic."+string(topic), "Count", len(t.Links))
			p.Topics = append(p.Topics, t)
		}
	}
}

// concerns reports whether something of a topic changed about the question itself.
func concerns(c *compare.QuestionChange, topic compare.Topic) bool {
	return slices.ContainsFunc(c.Apart(), func(a compare.Aspect) bool { return a.Topic() == topic })
}

// questionOf returns the question as it is now, or as it was before it was retired.
func questionOf(c *compare.QuestionChange) *checklist.Question {
	if c.New != nil {
		return c.New
	}
	return c.Old[0]
}

func anchorOf(c *compare.QuestionChange) string {
	if c.New != nil {
		return "q-" + string(c.New.ID)
	}
	return "gone-" + string(c.Old[0].ID)
}

// whole tells what changed about the checklist as a whole, levels included.
func (p *changesPage) whole() {
	for _, a := range p.d.Aspects {
		switch a {
		case compare.AspectKind:
			p.Whole = append(p.Whole, changeLine{Label: p.text("changes.kind"),
				Old: p.text("changes.kind_" + string(p.d.From.Kind)),
				New: p.text("changes.kind_" + string(p.d.To.Kind))})
		case compare.AspectLanguages:
			p.Whole = append(p.Whole, changeLine{Label: p.text("changes.languages"), Old: p.languages(p.d.From),
				New: p.languages(p.d.To)})
		}
	}
	p.Whole = append(p.Whole, p.texts(p.d.Texts, p.d.To, nil)...)
	for i := range p.d.Levels {
		l := &p.d.Levels[i]
		from := func(l *checklist.Level) string {
			if l == nil {
				return ""
			}
			return p.text("changes.level_from", "Percent", p.r.Text.Words().Number(l.From))
		}
		switch {
		case l.Old == nil, l.New == nil, l.Old.From != l.New.From:
			label := l.New
			if label == nil {
				label = l.Old
			}
			p.Whole = append(p.Whole, changeLine{Label: p.text("changes.level", "Level", label.Label.In(p.lang)),
				Old: from(l.Old), New: from(l.New)})
		}
		p.Whole = append(p.Whole, p.texts(l.Texts, p.d.To, nil)...)
	}
}

func (p *changesPage) languages(d *checklist.Definition) string {
	names := make([]string, len(d.Languages))
	for i, l := range d.Languages {
		names[i] = string(l)
		if p.r.Text.Has("language." + names[i]) {
			names[i] = p.text("language." + names[i])
		}
	}
	return strings.Join(names, ", ")
}

func (p *changesPage) scales() {
	for _, s := range p.d.Scales {
		scale := changedScale{Label: p.text("changes.scale", "Count", len(s.Questions)), Options: p.options(s.Options),
			Lines: p.texts(s.Texts, p.d.To, s.Questions[0])}
		for _, q := range s.Questions {
			scale.Questions = append(scale.Questions, changeLink{Text: q.Text.In(p.lang)})
		}
		p.Scales = append(p.Scales, scale)
	}
}

func (p *changesPage) sections() {
	for i := range p.d.Sections {
		s := &p.d.Sections[i]
		section := s.New
		if section == nil {
			section = s.Old
		}
		v := changedSection{ID: string(section.ID), Title: section.Title.In(p.lang),
			Lines: p.texts(s.Texts, p.d.To, nil)}
		for _, a := range s.Aspects {
			switch a {
			case compare.AspectNew, compare.AspectRetired, compare.AspectOrder:
				v.Tags = append(v.Tags, p.tag(a.Topic()))
			}
		}
		if s.Old != nil && s.New != nil && s.Old.Weight != s.New.Weight {
			v.Lines = append(v.Lines, p.weight(s.Old.Weight, s.New.Weight), p.share(s.OldShare, s.NewShare))
		}
		p.questions(&v, section.ID)
		if len(v.Questions) == 0 && len(s.Aspects) == 0 && v.WithScale == 0 {
			p.Same = append(p.Same, v.Title)
			continue
		}
		p.Sections = append(p.Sections, v)
	}
}

// questions fills in the questions that stand in a section now, and those that stood there.
func (p *changesPage) questions(v *changedSection, id checklist.SectionID) {
	for i := range p.d.Questions {
		c := &p.d.Questions[i]
		at := c.NewSection
		if at == nil {
			at = c.OldSection
		}
		switch {
		case at.ID != id:
		case c.Unchanged():
			v.Unchanged++
		case len(c.Apart()) == 0:
			v.WithScale++
		default:
			v.Questions = append(v.Questions, p.question(c))
		}
	}
}

func (p *changesPage) tag(t compare.Topic) changeTag {
	kinds := map[compare.Topic]string{compare.TopicNew: "success", compare.TopicMeaning: "warning",
		compare.TopicSplit: "info", compare.TopicMerged: "info"}
	return changeTag{p.text("changes.tag." + string(t)), kinds[t]}
}

func (p *changesPage) weight(old, new float64) changeLine {
	f := p.r.Text.Words()
	return changeLine{Label: p.text("changes.weight"), Old: f.Number(old), New: f.Number(new)}
}

func (p *changesPage) share(old, new float64) changeLine {
	f := p.r.Text.Words()
	return changeLine{Label: p.text("changes.share"), Old: f.Percent(old), New: f.Percent(new)}
}

// texts lists the texts that were reworded in the reader's language. Where only a translation
// changed that this reader does not see, one line says so.
func (p *changesPage) texts(texts []compare.TextChange, d *checklist.Definition, q *checklist.Question) []changeLine {
	var lines []changeLine
	others := map[checklist.Lang]bool{}
	for _, t := range texts {
		if t.Lang != p.lang {
			others[t.Lang] = true
			continue
		}
		label := p.text("changes.text." + string(t.Aspect))
		if q != nil && t.Aspect == compare.AspectLabel {
			label = p.text("changes.text_of_option", "Option", t.Old)
		}
		lines = append(lines, changeLine{Label: label, Words: spaced(compare.Words(t.Plain()))})
	}
	if len(lines) > 0 {
		return lines
	}
	for _, l := range d.Languages {
		if others[l] {
			lines = append(lines, changeLine{Label: p.text("changes.translation"),
				New: p.languages(&checklist.Definition{Languages: []checklist.Lang{l}})})
		}
	}
	return lines
}

func (p *changesPage) options(pairs []compare.OptionPair) []changedOption {
	side := func(o *checklist.Option) (label, points string) {
		if o == nil {
			return "", ""
		}
		if o.Points != nil {
			points = p.text("checklist.points", "Points", p.r.Text.Words().Number(*o.Points))
		}
		return o.Label.In(p.lang), points
	}
	lines := make([]changedOption, len(pairs))
	for i, pair := range pairs {
		was, worth := side(pair.Old)
		is, counts := side(pair.New)
		lines[i] = changedOption{compared(was, is), compared(worth, counts)}
	}
	return lines
}

// spaced moves the space at the ends of marked words out of the marks.
func spaced(list []compare.WordPiece) []compare.WordPiece {
	var result []compare.WordPiece
	for _, w := range list {
		text := strings.TrimSpace(w.Text)
		if w.Op == compare.WordsKept || text == "" {
			result = append(result, w)
			continue
		}
		before, after, _ := strings.Cut(w.Text, text)
		for _, piece := range []compare.WordPiece{{Op: compare.WordsKept, Text: before}, {Op: w.Op, Text: text},
			{Op: compare.WordsKept, Text: after}} {
			if piece.Text != "" {
				result = append(result, piece)
			}
		}
	}
	return result
}
