package bench

// The rules below look for what could be computed from published figures by taking sums
// apart: any set of towns that is the difference of published sets must be empty or have at
// least as many towns as the threshold. Each returns whether it suppressed something.

// earlier compares with every set that an earlier release published. That one is out of
// reach, so it is always this release's figure that goes.
func (s *situation) earlier() bool {
	found := false
	for b := 1; b < len(s.views); b++ {
		for g := range int32(s.current) {
			for h := range int32(len(s.groups)) {
				if s.published(0, g) && s.published(b, h) && s.rules.few(s.apart(g, b, h)) {
					found = s.suppress(g, Complement) || found
				}
			}
		}
	}
	return found
}

// pairs compares the published sets of this release with each other; the smaller one goes.
func (s *situation) pairs() bool {
	found := false
	for g := range int32(s.current) {
		for h := g + 1; h < int32(s.current) && s.published(0, g); h++ {
			if s.groups[g].kind == s.groups[h].kind || !s.published(0, h) || !s.rules.few(s.apart(g, 0, h)) {
				continue
			}
			smaller := h
			if s.towns[g] < s.towns[h] {
				smaller = g
			}
			found = s.suppress(smaller, Complement) || found
		}
	}
	return found
}

// complement looks at what remains of a published whole, of this or an earlier release, when
// all its parts are subtracted that are known from any release. If that is too little, the
// smallest part of this release that is still published goes too.
func (s *situation) complement() bool {
	if s.all < 0 {
		return false
	}
	for kind := districts; kind < groupKinds; kind++ {
		for a := range s.views {
			if !s.published(a, s.all) || !s.rules.few(s.remainder(a, kind)) {
				continue
			}
			part := s.smallest(func(g int32) bool { return s.groups[g].kind == kind })
			if part < 0 && a == 0 {
				part = s.all
			}
			if s.suppress(part, Complement) {
				return true
			}
		}
	}
	return false
}

// remainder counts the towns of a view's whole that its parts leave over at best.
func (s *situation) remainder(a int, kind groupKind) int32 {
	rest := s.loose[a][kind]
	for p := range int32(len(s.groups)) {
		if s.groups[p].kind != kind {
			continue
		}
		best := s.belong[a][p]
		for b := range s.views {
			if s.published(b, p) {
				best = min(best, s.belong[a][p]+s.n[b][p]-s.wholeBoth[a][b][p]-s.wholeSame[a][b][p])
			}
		}
		rest += best
	}
	return rest
}

// unions compares every union of size classes with the union of districts nearest to it: their
// means add up to sums, so two unions that differ by a few towns tell about these.
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
		if s.suppress(part, Complement) {
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

// distributionPairs compares distributions of sets inside each other: what is left when the
// inner one is subtracted is a distribution too and must be one that may be shown.
func (s *situation) distributionPairs() bool {
	found := false
	for b := range s.views {
		for g := range int32(s.current) {
			for h := range int32(len(s.groups)) {
				if !s.published(0, g) || !s.published(b, h) || b == 0 && g == h {
					continue
				}
				at := int(g)*len(s.groups) + int(h)
				shared := s.both[b][at]
				if shared == 0 || shared != s.same[b][at] {
					continue
				}
				inner, outer := s.n[b][h], s.n[0][g]
				switch {
				case shared == inner && inner < outer && !s.rules.distribution(subtract(s.counts[0][g], s.counts[b][h])):
					if b == 0 {
						found = s.suppress(h, Distribution) || found
					} else {
						found = s.suppress(g, Distribution) || found
					}
				case b > 0 && shared == outer && outer < inner && !s.rules.distribution(subtract(s.counts[b][h], s.counts[0][g])):
					found = s.suppress(g, Distribution) || found
				}
			}
		}
	}
	return found
}

// distributionComplement does the same for what remains of a whole when all known parts are subtracted.
func (s *situation) distributionComplement() bool {
	if s.all < 0 {
		return false
	}
	for kind := districts; kind < groupKinds; kind++ {
		for a := range s.views {
			if !s.published(a, s.all) {
				continue
			}
			rest := s.optionsRemaining(a, kind)
			if sum(rest) == 0 || s.rules.distribution(rest) {
				continue
			}
			part := s.smallest(func(g int32) bool { return s.groups[g].kind == kind })
			if part < 0 && a == 0 {
				part = s.all
			}
			if s.suppress(part, Distribution) {
				return true
			}
		}
	}
	return false
}

func (s *situation) optionsRemaining(a int, kind groupKind) []int {
	rest := s.counts[a][s.all]
	for p := range int32(len(s.groups)) {
		if s.groups[p].kind != kind {
			continue
		}
		best := -1
		for b := range s.views {
			inside := s.published(b, p) && s.wholeBoth[a][b][p] == s.n[b][p] && s.wholeSame[a][b][p] == s.n[b][p]
			if inside && (best < 0 || s.n[b][p] > s.n[best][p]) {
				best = b
			}
		}
		if best >= 0 {
			rest = subtract(rest, s.counts[best][p])
		}
	}
	return rest
}
