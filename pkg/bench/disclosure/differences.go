package disclosure

import (
	"ortsspiegel/pkg/bench"
)

// The rules below look for what could be computed from published figures by taking sums
// apart: any set of towns that is the difference of published sets must be empty or have at
// least as many towns as the threshold. Each returns whether it suppressed something.

// earlier compares with every set that an earlier release published. That one is out of
// reach, so it is always this release's figure that goes.
func (s *situation) earlier() bool {
	found := false
	for b := 1; b < len(s.views); b++ {
		for g := range int32(s.current) {
			for h := int32(0); int(h) < len(s.groups) && s.published(0, g); h++ {
				if s.known[b][h] && s.few(s.apart(g, b, h)) {
					found = s.suppress(g, bench.Complement) || found
				}
			}
		}
	}
	return found
}

// unions compares every union of size classes with the union of districts nearest to it: their
// means add up to sums, so two unions that differ by a few towns tell about these. A single
// district and a single size class are the simplest unions; either against the whole is what
// complement looks at.
func (s *situation) unions() bool {
	rows, columns, cells := s.crossing()
	for chosen := 1; chosen < 1<<len(columns); chosen++ {
		apart := int32(0)
		touched := map[int32]bool{}
		for r := range rows {
			in, out := int32(0), int32(0)
			for col := range columns {
				if chosen&(1<<col) != 0 {
					in += cells[r][col]
				} else {
					out += cells[r][col]
				}
			}
			out += cells[r][len(columns)] // towns of the row in no column
			if rows[r] == unresolved {
				apart += in
				continue
			}
			apart += min(in, out)
			touched[rows[r]] = in > 0
			if int(apart) >= s.rules.Threshold {
				break
			}
		}
		if !s.rules.few(apart) {
			continue
		}
		for col, g := range columns {
			touched[g] = chosen&(1<<col) != 0
		}
		part := s.smallest(func(g int32) bool { return touched[g] })
		if part < 0 {
			part = s.smallest(func(g int32) bool { return s.groups[g].kind != whole })
		}
		if s.suppress(part, bench.Complement) {
			return true
		}
	}
	return false
}

// What stands for no published group in a crossing.
const (
	remaining  int32 = -1 // the towns of the published whole in no published part: known by subtraction
	unresolved int32 = -2 // towns in no published part of an unpublished whole: not known together
)

// crossing tabulates the towns by published district (rows) and published size class
// (columns). With the whole published, what remains is a row and a column too. The last cell of a row
// counts its towns in no column.
func (s *situation) crossing() (rows, columns []int32, cells [][]int32) {
	for g := range int32(s.current) {
		switch {
		case !s.published(0, g):
		case s.groups[g].kind == districts:
			rows = append(rows, g)
		case s.groups[g].kind == sizeClasses:
			columns = append(columns, g)
		}
	}
	if len(rows) == 0 || len(columns) == 0 {
		return nil, nil, nil
	}
	known := s.all >= 0 && s.published(0, s.all)
	real := len(columns)
	beyond := make([]int32, real) // by column: towns in no row
	for col, g := range columns {
		beyond[col] = s.n[0][g]
	}
	width, left := real+1, int32(0)
	if known {
		columns = append(columns, remaining)
		width, left = real+2, s.n[0][s.all]
	}
	for _, r := range rows {
		row := make([]int32, width)
		rest := s.n[0][r]
		for col := range real {
			row[col] = s.both[0][int(r)*len(s.groups)+int(columns[col])]
			rest -= row[col]
			beyond[col] -= row[col]
		}
		row[real] = rest // with the whole known the column that remains, else in no column
		left -= s.n[0][r]
		cells = append(cells, row)
	}
	last := make([]int32, width)
	for col := range real {
		last[col] = beyond[col]
		left -= beyond[col]
	}
	if known {
		last[real] = left
		return append(rows, remaining), columns, append(cells, last)
	}
	return append(rows, unresolved), columns, append(cells, last)
}
