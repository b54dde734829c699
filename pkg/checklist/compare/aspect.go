package compare

// Aspect names one way in which two versions differ. Scripts may rely on the words.
type Aspect string

// The aspects of questions, of their options and limits, of sections, levels and the whole.
const (
	AspectNew     Aspect = "new"     // question, section or level: the earlier version has none such
	AspectRetired Aspect = "retired" // question, section or level: the later version has none such
	AspectRenamed Aspect = "renamed" // question: another id, nothing a reader sees
	AspectSplit   Aspect = "split"   // question: one of several that come from the same one
	AspectMerged  Aspect = "merged"  // question: comes from several
	AspectMeaning Aspect = "meaning" // question: must be answered anew, although its predecessor asks something alike

	AspectTitle    Aspect = "title"     // checklist or section
	AspectSummary  Aspect = "summary"   // checklist or section
	AspectText     Aspect = "text"      // question
	AspectHelp     Aspect = "help"      // question
	AspectEvidence Aspect = "evidence"  // question
	AspectSource   Aspect = "source"    // checklist or question: what it goes back to
	AspectLabel    Aspect = "label"     // option or level
	AspectUnitText Aspect = "unit_text" // question: the unit's translation, not the unit

	AspectMoved    Aspect = "moved"    // question: stands in another section
	AspectOrder    Aspect = "order"    // question within its section, or section: overtook another
	AspectWeight   Aspect = "weight"   // question or section
	AspectKnockout Aspect = "knockout" // question
	AspectWhen     Aspect = "when"     // question: asked under another condition
	AspectFrom     Aspect = "from"     // level: begins at another percentage

	AspectType             Aspect = "type"
	AspectUnit             Aspect = "unit"
	AspectPoints           Aspect = "points" // other points for the same options
	AspectTargets          Aspect = "targets"
	AspectOptionAdded      Aspect = "option_added"
	AspectOptionRemoved    Aspect = "option_removed"
	AspectOptionRenamed    Aspect = "option_renamed"
	AspectOptionOrder      Aspect = "option_order"
	AspectExclusive        Aspect = "exclusive"       // an option newly stands alone
	AspectShared           Aspect = "shared"          // an option no longer stands alone
	AspectWidened          Aspect = "limits_widened"  // every number that was possible still is
	AspectNarrowed         Aspect = "limits_narrowed" // some are not
	AspectStep             Aspect = "step"
	AspectNotApplicable    Aspect = "not_applicable"    // "not applicable" is newly possible
	AspectAlwaysApplicable Aspect = "always_applicable" // it is no longer possible

	AspectKind      Aspect = "kind"
	AspectLanguages Aspect = "languages"
)

// Aspects lists all aspects.
func Aspects() []Aspect {
	return []Aspect{
		AspectNew, AspectRetired, AspectMeaning, AspectSplit, AspectMerged, AspectRenamed,
		AspectKind, AspectType, AspectUnit, AspectPoints, AspectTargets, AspectOptionAdded, AspectOptionRemoved,
		AspectOptionRenamed,
		AspectOptionOrder, AspectExclusive, AspectShared, AspectStep, AspectNarrowed, AspectWidened,
		AspectWeight, AspectKnockout, AspectWhen, AspectNotApplicable, AspectAlwaysApplicable, AspectFrom, AspectMoved,
		AspectOrder,
		AspectTitle, AspectSummary, AspectText, AspectHelp, AspectEvidence, AspectSource, AspectLabel, AspectUnitText,
		AspectLanguages,
	}
}

// Topic gathers aspects as people speak of them.
type Topic string

// The topics, in the order in which a reader wants to know.
const (
	TopicNew        Topic = "new"
	TopicRetired    Topic = "retired"
	TopicMeaning    Topic = "meaning"
	TopicSplit      Topic = "split"
	TopicMerged     Topic = "merged"
	TopicRescaled   Topic = "rescaled"   // type, options, points, targets, unit, limits
	TopicReweighted Topic = "reweighted" // weight
	TopicRules      Topic = "rules"      // condition, knockout, "not applicable"
	TopicReworded   Topic = "reworded"   // texts
	TopicMoved      Topic = "moved"      // section or order
	TopicRenamed    Topic = "renamed"    // id only
)

// Topics lists all topics in the order in which a reader wants to know.
func Topics() []Topic {
	return []Topic{TopicNew, TopicRetired, TopicMeaning, TopicSplit, TopicMerged, TopicRescaled, TopicReweighted,
		TopicRules, TopicReworded, TopicMoved, TopicRenamed}
}

// Topic returns what the aspect belongs to when it is a question's.
func (a Aspect) Topic() Topic {
	switch a {
	case AspectNew, AspectRetired, AspectMeaning, AspectSplit, AspectMerged, AspectRenamed:
		return Topic(a)
	case AspectTitle, AspectSummary, AspectText, AspectHelp, AspectEvidence, AspectSource, AspectLabel, AspectUnitText,
		AspectLanguages:
		return TopicReworded
	case AspectMoved, AspectOrder:
		return TopicMoved
	case AspectWeight:
		return TopicReweighted
	case AspectKnockout, AspectWhen, AspectNotApplicable, AspectAlwaysApplicable:
		return TopicRules
	}
	return TopicRescaled
}
