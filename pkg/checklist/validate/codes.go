package validate

import (
	"ortsspiegel/pkg/internal/prose"
)

// Code names a rule of Validate; it is stable, editors and scripts may rely on it.
type Code string

// The codes of the rules.
const (
	CodeIDForm             Code = "id_form"
	CodeVersionForm        Code = "version_form"
	CodeKindUnknown        Code = "kind_unknown"
	CodeLanguagesEmpty     Code = "languages_empty"
	CodeLanguagesMany      Code = "languages_many"
	CodeLanguageForm       Code = "language_form"
	CodeLanguageDuplicate  Code = "language_duplicate"
	CodeLanguageMissing    Code = "language_missing"
	CodeLanguageUndeclared Code = "language_undeclared"
	CodeTextMissing        Code = "text_missing"
	CodeTextEmpty          Code = "text_empty"
	CodeTextControl        Code = "text_control"
	CodeTextLong           Code = "text_long"
	CodeNameForm           Code = "name_form"

	CodeProseHTML      Code = "prose_html"
	CodeProsePicture   Code = "prose_picture"
	CodeProseHeading   Code = "prose_heading"
	CodeProseCode      Code = "prose_code"
	CodeProseQuote     Code = "prose_quote"
	CodeProseLine      Code = "prose_line"
	CodeProseTable     Code = "prose_table"
	CodeProseLink      Code = "prose_link"
	CodeProseReference Code = "prose_reference"
	CodeProseDeep      Code = "prose_deep"
	CodeSourceAddress  Code = "source_address"

	CodeScaleUnknown     Code = "scale_unknown"
	CodeScaleUnused      Code = "scale_unused"
	CodeOptionsFew       Code = "options_few"
	CodeOptionsMany      Code = "options_many"
	CodeOptionsMisplaced Code = "options_misplaced"
	CodeOptionDuplicate  Code = "option_duplicate"
	CodeOptionAlike      Code = "option_alike"
	CodeExclusiveSingle  Code = "exclusive_single"
	CodePointsMixed      Code = "points_mixed"
	CodePointsRange      Code = "points_range"

	CodeLevelsMissing  Code = "levels_missing"
	CodeLevelDuplicate Code = "level_duplicate"
	CodeLevelFirst     Code = "level_first"
	CodeLevelOrder     Code = "level_order"
	CodeLevelRange     Code = "level_range"

	CodeSectionsEmpty     Code = "sections_empty"
	CodeSectionsMany      Code = "sections_many"
	CodeSectionDuplicate  Code = "section_duplicate"
	CodeSectionWeight     Code = "section_weight"
	CodeQuestionsEmpty    Code = "questions_empty"
	CodeQuestionsMany     Code = "questions_many"
	CodeQuestionDuplicate Code = "question_duplicate"
	CodeQuestionWeight    Code = "question_weight"
	CodeTypeUnknown       Code = "type_unknown"
	CodeWeightsZero       Code = "weights_zero"
	CodeNothingScored     Code = "nothing_scored"
	CodeSurveyScored      Code = "survey_scored"

	CodeNumberMisplaced Code = "number_misplaced"
	CodeRangeReversed   Code = "range_reversed"
	CodeStepPositive    Code = "step_positive"
	CodeTargetsFew      Code = "targets_few"
	CodeTargetsOrder    Code = "targets_order"

	CodeKnockoutUnscored Code = "knockout_unscored"
	CodeKnockoutLevel    Code = "knockout_level"
	CodeKnockoutHighest  Code = "knockout_highest"
	CodeKnockoutBelow    Code = "knockout_below"
	CodeKnockoutIdle     Code = "knockout_idle"

	CodeWhenForm          Code = "when_form"
	CodeWhenEmpty         Code = "when_empty"
	CodeWhenDeep          Code = "when_deep"
	CodeWhenQuestion      Code = "when_question"
	CodeWhenSelf          Code = "when_self"
	CodeWhenCycle         Code = "when_cycle"
	CodeWhenLater         Code = "when_later"
	CodeWhenType          Code = "when_type"
	CodeWhenOption        Code = "when_option"
	CodeWhenNumber        Code = "when_number"
	CodeWhenRepeated      Code = "when_repeated"
	CodeWhenIdle          Code = "when_idle"
	CodeWhenUnreachable   Code = "when_unreachable"
	CodeOptionUnreachable Code = "option_unreachable"

	CodeChangesFrom      Code = "changes_from"
	CodeMappingShape     Code = "mapping_shape"
	CodeMappingDuplicate Code = "mapping_duplicate"
	CodeMappingQuestion  Code = "mapping_question"
	CodeMappingMerge     Code = "mapping_merge"
	CodeMappingOption    Code = "mapping_option"
	CodeMappingMeaning   Code = "mapping_meaning"
	CodeMappingWhy       Code = "mapping_why"

	// rules of ValidateChanges
	CodeChangesMissing  Code = "changes_missing"
	CodeChangesBefore   Code = "changes_before"
	CodeMappingSource   Code = "mapping_source"
	CodeMappingLost     Code = "mapping_lost"
	CodeMappingClaimed  Code = "mapping_claimed"
	CodeMappingReused   Code = "mapping_reused"
	CodeMappingCycle    Code = "mapping_cycle"
	CodeMappingFit      Code = "mapping_fit"
	CodeMappingUnit     Code = "mapping_unit"
	CodeMappingOrder    Code = "mapping_order"
	CodeMappingNumber   Code = "mapping_number"
	CodeOptionLost      Code = "option_lost"
	CodeOptionForgotten Code = "option_forgotten"
	CodeOptionForeign   Code = "option_foreign"
)

var severities = map[Code]Severity{
	CodeIDForm: SeverityError, CodeVersionForm: SeverityError, CodeKindUnknown: SeverityError,
	CodeLanguagesEmpty: SeverityError, CodeLanguagesMany: SeverityError, CodeLanguageForm: SeverityError,
	CodeLanguageDuplicate: SeverityError,
	CodeLanguageMissing:   SeverityWarning, CodeLanguageUndeclared: SeverityError,
	CodeTextMissing: SeverityError, CodeTextEmpty: SeverityError, CodeTextLong: SeverityError,
	CodeTextControl: SeverityError, CodeNameForm: SeverityError,

	CodeProseHTML: SeverityError, CodeProsePicture: SeverityError, CodeProseHeading: SeverityError,
	CodeProseCode:  SeverityError,
	CodeProseQuote: SeverityError, CodeProseLine: SeverityError, CodeProseTable: SeverityError,
	CodeProseLink:      SeverityError,
	CodeProseReference: SeverityError, CodeProseDeep: SeverityError, CodeSourceAddress: SeverityError,

	CodeScaleUnknown: SeverityError, CodeScaleUnused: SeverityWarning,
	CodeOptionsFew: SeverityError, CodeOptionsMany: SeverityError, CodeOptionsMisplaced: SeverityError,
	CodeOptionDuplicate: SeverityError, CodeOptionAlike: SeverityError, CodeExclusiveSingle: SeverityError,
	CodePointsMixed: SeverityError, CodePointsRange: SeverityError,

	CodeLevelsMissing: SeverityWarning, CodeLevelDuplicate: SeverityError, CodeLevelFirst: SeverityError,
	CodeLevelOrder: SeverityError, CodeLevelRange: SeverityError,

	CodeSectionsEmpty: SeverityError, CodeSectionsMany: SeverityError, CodeSectionDuplicate: SeverityError,
	CodeSectionWeight: SeverityError, CodeQuestionsEmpty: SeverityError, CodeQuestionsMany: SeverityError,
	CodeQuestionDuplicate: SeverityError, CodeQuestionWeight: SeverityError, CodeTypeUnknown: SeverityError,
	CodeWeightsZero: SeverityError, CodeNothingScored: SeverityError, CodeSurveyScored: SeverityError,

	CodeNumberMisplaced: SeverityError, CodeRangeReversed: SeverityError, CodeStepPositive: SeverityError,
	CodeTargetsFew: SeverityError, CodeTargetsOrder: SeverityError,

	CodeKnockoutUnscored: SeverityError, CodeKnockoutLevel: SeverityError, CodeKnockoutHighest: SeverityError,
	CodeKnockoutBelow: SeverityError, CodeKnockoutIdle: SeverityWarning,

	CodeWhenForm: SeverityError, CodeWhenEmpty: SeverityError, CodeWhenDeep: SeverityError,
	CodeWhenQuestion: SeverityError, CodeWhenSelf: SeverityError, CodeWhenCycle: SeverityError,
	CodeWhenLater: SeverityError,
	CodeWhenType:  SeverityError, CodeWhenOption: SeverityError, CodeWhenNumber: SeverityError,
	CodeWhenRepeated: SeverityWarning,
	CodeWhenIdle:     SeverityWarning, CodeWhenUnreachable: SeverityError, CodeOptionUnreachable: SeverityError,

	CodeChangesFrom: SeverityError, CodeMappingShape: SeverityError, CodeMappingDuplicate: SeverityError,
	CodeMappingQuestion: SeverityError, CodeMappingMerge: SeverityError, CodeMappingOption: SeverityError,
	CodeMappingMeaning: SeverityError, CodeMappingWhy: SeverityWarning,

	CodeChangesMissing: SeverityError, CodeChangesBefore: SeverityError, CodeMappingSource: SeverityError,
	CodeMappingLost:    SeverityError,
	CodeMappingClaimed: SeverityError, CodeMappingReused: SeverityError, CodeMappingCycle: SeverityError,
	CodeMappingFit:  SeverityError,
	CodeMappingUnit: SeverityWarning, CodeMappingOrder: SeverityError, CodeMappingNumber: SeverityWarning,
	CodeOptionLost: SeverityError, CodeOptionForgotten: SeverityError, CodeOptionForeign: SeverityError,
}

var proseCodes = map[prose.Kind]Code{
	prose.HTML: CodeProseHTML, prose.Picture: CodeProsePicture, prose.Heading: CodeProseHeading,
	prose.Code:  CodeProseCode,
	prose.Quote: CodeProseQuote, prose.Line: CodeProseLine, prose.Table: CodeProseTable, prose.Link: CodeProseLink,
	prose.Reference: CodeProseReference, prose.Deep: CodeProseDeep,
}

// Codes returns every rule with its severity.
func Codes() map[Code]Severity {
	all := make(map[Code]Severity, len(severities))
	for c, s := range severities {
		all[c] = s
	}
	return all
}
