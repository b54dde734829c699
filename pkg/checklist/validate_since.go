package checklist

// ValidateChanges returns what is wrong with what a definition says about the version before
// it. A first version has none before and no issues. Both must be indexed, and without errors.
func ValidateChanges(before, d *Definition) []Issue {
	if before == nil {
		return nil
	}
	v := &validation{d: d}
	if d.Changes == nil {
		v.report("changes", CodeChangesMissing, "the block changes is missing: there is a version before, %s; say what changed since", before.Version)
	} else if d.Changes.From != before.Version {
		v.report("changes.from", CodeChangesBefore, "from names %s and the version before this is %s: write from: %s", d.Changes.From, before.Version, before.Version)
	}
	return v.issues
}
