package gazetteer

import (
	_ "embed"
	"fmt"
	"strings"

	"ortsspiegel/pkg/region"
)

//go:embed suedwestfalen.csv
var suedwestfalen string

// Suedwestfalen returns the 59 municipalities of the demo region, ascending by AGS, and the
// line that names their source. An error means that the embedded file is broken.
func Suedwestfalen() (municipalities []region.Municipality, source string, err error) {
	imported, err := ReadCSV(strings.NewReader(suedwestfalen))
	if err != nil {
		return nil, "", fmt.Errorf("gazetteer: embedded region: %w", err)
	}
	return imported.Municipalities, imported.Source, nil
}
