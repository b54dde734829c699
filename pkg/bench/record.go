package bench

import (
	"math"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// Record is what a benchmark needs of one submitted assessment. Values holds one entry per
// node in the order of Nodes: the score in [0, 1], or NaN where it does not count. It is
// computed once, when the assessment is submitted, and stored. A Record belongs to the
// version of the checklist it was made with; NewRecord and Decoder are the only
// ways to make one.
type Record struct {
	AGS        region.AGS
	Population int
	Values     []float64 // total, sections, questions (points)
	Figures    []float64 // number questions in checklist order: the value in its unit, NaN if none
	Chosen     []int16   // choice questions in checklist order: index of the option, -1 if none
	Level      checklist.LevelID
}

// NewRecord scores the answers of a submitted assessment and keeps what benchmarks need.
// Open questions count 0 points, as in the score; they have no figure and no option.
func NewRecord(d *checklist.Definition, ags region.AGS, population int, answers score.Answers) Record {
	result := score.Score(d, answers)
	questions := d.Questions()
	r := Record{AGS: ags, Population: population, Level: result.Level,
		Values: make([]float64, 0, 1+len(d.Sections)+len(questions))}
	r.Values = append(r.Values, orNaN(result.Score))
	for i := range result.Sections {
		r.Values = append(r.Values, orNaN(result.Sections[i].Score))
	}
	n := 0
	for i := range result.Sections {
		for _, qr := range result.Sections[i].Questions {
			q := questions[n]
			n++
			r.Values = append(r.Values, orNaN(qr.Points))
			a := answers[q.ID]
			switch q.Type.Shape() {
			case checklist.ShapeNumber:
				figure := math.NaN()
				if qr.State == score.Answered && a.Kind == checklist.AnswerNumber {
					figure = a.Number.InexactFloat64()
				}
				r.Figures = append(r.Figures, figure)
			case checklist.ShapeOne:
				chosen := -1
				if qr.State == score.Answered && len(a.Options) == 1 {
					chosen = q.Option(a.Options[0])
				}
				r.Chosen = append(r.Chosen, int16(chosen))
			}
		}
	}
	return r
}

// HeldBy lists the knockouts that keep the level below the one the score alone would reach, in the
// order of the checklist; none if the score is all that decides.
func (r *Record) HeldBy(d *checklist.Definition) []checklist.QuestionID {
	_, at, ok := d.Level(r.Level)
	if !ok || math.IsNaN(r.Values[0]) || score.LevelOf(d, r.Values[0]) <= at {
		return nil
	}
	var holding []checklist.QuestionID
	for i, q := range d.Questions() {
		points := r.Values[1+len(d.Sections)+i]
		if q.Knockout == nil || math.IsNaN(points) || !score.Misses(q.Knockout, points) {
			continue
		}
		if _, cap, ok := d.Level(q.Knockout.CapsAt); ok && cap <= at {
			holding = append(holding, q.ID)
		}
	}
	return holding
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

// Nodes lists what a checklist's benchmarks compare, in the order of Record.Values: the
// total, the sections, the questions.
func Nodes(d *checklist.Definition) []NodeID {
	nodes := make([]NodeID, 0, 1+len(d.Sections)+len(d.Questions()))
	nodes = append(nodes, Total)
	for i := range d.Sections {
		nodes = append(nodes, SectionNode(d.Sections[i].ID))
	}
	for _, q := range d.Questions() {
		nodes = append(nodes, QuestionNode(q.ID))
	}
	return nodes
}

// Compared is one node of a report and where a Record holds its values; an index of -1
// says that the node has none of that kind.
type Compared struct {
	ID       NodeID
	Question *checklist.Question // nil: total or section
	Section  int                 // of a question
	Weight   float64             // of a question or a section
	Value    int                 // in Record.Values
	Figure   int                 // in Record.Figures
	Chosen   int                 // in Record.Chosen
	Scored   bool
}

// ComparedNodes lists the nodes of a report. A question that has neither points nor
// figures nor one option (texts, dates, unscored multi questions) is not comparable and left out.
func ComparedNodes(d *checklist.Definition) []Compared {
	ids := Nodes(d)
	nodes := make([]Compared, 0, len(ids))
	for i := range 1 + len(d.Sections) {
		n := Compared{ID: ids[i], Section: i - 1, Value: i, Figure: -1, Chosen: -1, Scored: true}
		if i > 0 {
			n.Weight = d.Sections[i-1].Weight
		}
		nodes = append(nodes, n)
	}
	value, figure, chosen := 1+len(d.Sections), 0, 0
	for i := range d.Sections {
		for j := range d.Sections[i].Questions {
			q := &d.Sections[i].Questions[j]
			c := Compared{ID: ids[value], Question: q, Section: i, Weight: q.Weight, Value: value, Figure: -1,
				Chosen: -1, Scored: q.Scored()}
			value++
			switch q.Type.Shape() {
			case checklist.ShapeNumber:
				c.Figure = figure
				figure++
			case checklist.ShapeOne:
				c.Chosen = chosen
				chosen++
			}
			if c.Scored || c.Figure >= 0 || c.Chosen >= 0 {
				nodes = append(nodes, c)
			}
		}
	}
	return nodes
}
