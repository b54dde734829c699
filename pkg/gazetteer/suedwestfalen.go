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

// The borders were simplified along the lines that neighbours share, to about 400 m, so that they still meet and each
// town's centre still lies inside.
//
//go:embed suedwestfalen.geojson
var suedwestfalenOutlines string

// SuedwestfalenOutlines returns the outlines of the demo region's municipalities as they are stored; the file names
// their source. An error means that the embedded file is broken.
func SuedwestfalenOutlines() ([]byte, error) {
	outlines, _, err := ReadOutlines(strings.NewReader(suedwestfalenOutlines))
	if err != nil {
		return nil, fmt.Errorf("gazetteer: embedded outlines: %w", err)
	}
	return outlines, nil
}
