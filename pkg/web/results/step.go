package results

import (
	"time"

	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// TrendStep is what happened between two rounds, in words first.
type TrendStep struct {
	From, To     string // rounds
	Sentence     string // from where to where; empty: one of the scores is undefined
	Parts        string // what it came from, or why that cannot be told
	Compared     string // what is compared and how
	ChangesURL   string // of the page of changes; empty: both rounds are on the same version
	ChangesLabel string
	Table        trendTable
}

// trendTable compares section by section on the common questions.
type trendTable struct {
	Label    string // for those who do not see where it stands
	Count    string // what the last column counts
	Sections []trendSection
}

func NewTrendTable(r *site.Request, from, to, count string) trendTable {
	return trendTable{Label: r.Text.Text("trend.sections") + ": " + r.Text.Text("trend.step", "From", from, "To", to),
		Count: r.Text.Text(count)}
}

// trendSection is a section on the common questions, as it is shown.
type trendSection struct {
	Title, Before, After, Change string
	Count                        string // common questions, or towns
	None                         bool   // nothing to compare
}

// Moved says in words from where to where a score went; who begins the ids of the texts.
func Moved(r *site.Request, who string, b shift.Bridge, whole bool) string {
	f := r.Text.Words()
	write := f.Percent
	if whole {
		write = f.WholePercent
	}
	way := "same"
	switch {
	case b.Total() > 0:
		way = "rose"
	case b.Total() < 0:
		way = "fell"
	}
	return r.Text.Text("trend.moved."+who+"."+way, "Before", write(float64(b.Before)/1000), "After",
		write(float64(b.After)/1000))
}

// PartsOf says what a change came from.
func PartsOf(r *site.Request, b shift.Bridge, sameVersion, whole bool) string {
	f := r.Text.Words()
	write := f.Change
	if whole {
		write = f.WholeChange
	}
	id := "both"
	switch {
	case sameVersion && b.Rules == 0:
		id = "same_version"
	case b.Total() == 0 && b.Answers == 0:
		id = "nothing"
	case b.Total() == 0:
		id = "even"
	}
	return r.Text.Text("trend.parts."+id, "Answers", write(b.Answers), "Rules", write(b.Rules))
}

// Compare fills in what is compared: the versions and how many questions they have in common.
func (s *TrendStep) Compare(r *site.Request, from, to checklist.Ref, common int) {
	t := r.Text.Text
	if from.Version == to.Version {
		s.Compared = t("trend.compared_same", "Count", common)
		return
	}
	s.Compared = t("trend.compared", "Count", common)
	s.ChangesURL = "/checklists/" + string(to.ID) + "/" + string(to.Version) + "/changes/" + string(from.Version)
	s.ChangesLabel = t("trend.changes", "From", string(from.Version), "To", string(to.Version))
}

// Shift fills in what a town's shift says.
func (s *TrendStep) Shift(r *site.Request, who string, moved *shift.Shift, sameVersion bool) {
	b, ok := moved.Bridge()
	switch {
	case ok:
		s.Sentence, s.Parts = Moved(r, who, b, false), PartsOf(r, b, sameVersion, false)
	case moved.Before == nil || moved.After == nil:
		s.Parts = r.Text.Text("trend.undefined")
	default:
		s.Sentence = Moved(r, who, shift.Bridge{Before: wording.Tenths(*moved.Before),
			After: wording.Tenths(*moved.After)}, false)
		s.Parts = r.Text.Text("trend.no_common")
	}
}

// NewTrendSection writes a section's scores before and after, in percent with one decimal.
func NewTrendSection(r *site.Request, title string, before, after *float64, count int) trendSection {
	f := r.Text.Words()
	line := trendSection{Title: title, Before: "–", After: "–", Change: "–", Count: f.Number(count),
		None: before == nil && after == nil}
	if before != nil {
		line.Before = f.Percent(*before)
	}
	if after != nil {
		line.After = f.Percent(*after)
	}
	if before != nil && after != nil {
		line.Change = f.Change(wording.Tenths(*after) - wording.Tenths(*before))
	}
	return line
}

// TitleOf is the title of a section of a version.
func TitleOf(sections []checklist.Section, id checklist.SectionID, lang checklist.Lang) string {
	for i := range sections {
		if sections[i].ID == id {
			return wording.SectionTitle(i, sections[i].Title.In(lang))
		}
	}
	return string(id)
}

// ReleasedTrend is what was published of the region's change since the round before.
type ReleasedTrend struct {
	From, To  string // rounds
	Hidden    string // why nothing is shown
	N         string
	Sentence  string
	Parts     string
	Picture   *ChartView
	Table     trendTable
	Footnotes []string
}

// NewReleasedTrend puts a release's trend into words. before and after name the rounds.
func NewReleasedTrend(r *site.Request, release *disclosure.Release, at time.Time, d *checklist.Definition,
	before, after string) *ReleasedTrend {
	trend := release.Trend
	if trend == nil {
		return nil
	}
	t, v := r.Text.Text, &ReleasedTrend{From: before, To: after}
	if trend.Suppressed {
		v.Hidden = wording.NotShown(site.LangOf(r), trend.Reason)
		return v
	}
	v.N = t("trend.region_n", "Count", trend.N)
	b, ok := trend.Bridge()
	if !ok {
		v.Parts = t("trend.no_common")
		return v
	}
	v.Sentence, v.Parts = Moved(r, "region", b, true), PartsOf(r, b, trend.From == release.Report.Ref.Version, true)
	picture := releasedPicture(r, trend, b, before, after, at)
	v.Picture = &picture
	foot := &FootnoteList{Lang: site.LangOf(r)}
	v.Table = trendTable{Label: t("trend.region_sections"), Count: t("trend.col_towns")}
	for i := range trend.Sections {
		v.Table.Sections = append(v.Table.Sections, releasedSection(r, foot, d, &trend.Sections[i]))
	}
	v.Footnotes = foot.Texts()
	return v
}

func releasedSection(r *site.Request, foot *FootnoteList, d *checklist.Definition,
	s *disclosure.TrendSection) trendSection {
	f := r.Text.Words()
	line := trendSection{Title: TitleOf(d.Sections, s.ID, site.LangOf(r)), Change: "–", Count: "–",
		None: s.N == 0 && !s.Suppressed}
	line.Before, line.After = foot.figure(s.Rebased, s.Reason, f.WholePercent),
		foot.figure(s.Comparable, s.Reason, f.WholePercent)
	switch {
	case s.Rebased != nil && s.Comparable != nil:
		line.Change = f.WholeChange(10 * (wording.Whole(*s.Comparable) - wording.Whole(*s.Rebased)))
	case s.Suppressed:
		line.Change = foot.Mark(s.Reason)
	}
	switch {
	case s.N > 0:
		line.Count = f.Number(s.N)
	case s.Suppressed:
		line.Count = foot.Mark(s.Reason)
	}
	return line
}
