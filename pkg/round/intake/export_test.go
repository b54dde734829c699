package intake

import (
	"ortsspiegel/pkg/checklist"
)

// PlaceTraced is PlaceTable that also tells what becomes of each cell: "placed", "ignored" or "reported".
func PlaceTraced(d *checklist.Definition, m *Map, t *Table, scope Scope,
	tell func(row, column int, fate string)) (*Placed, error) {
	names := map[fate]string{fatePlaced: "placed", fateIgnored: "ignored", fateReported: "reported"}
	return placeTable(d, m, t, scope, func(row, column int, f fate) { tell(row, column, names[f]) })
}
