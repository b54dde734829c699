package bench

import (
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// Earlier is another round of the same checklist whose releases towns have seen.
type Earlier struct {
	Round    int64           // whatever tells rounds apart
	Path     *checklist.Path // from its version to the present one's; nil: there is none
	Later    bool            // the round began after the present one, which is corrected: Path leads from the present version to its
	Releases []Release       // oldest first
	Records  []Record        // its submitted assessments as they are now: a release may still show what one was before
	// By towns that submitted in both rounds, from Between.
	Shifts    map[region.AGS]Shift
	Unchanged map[region.AGS][]bool
}
