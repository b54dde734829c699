package web

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"ortsspiegel/pkg/licence"
	"ortsspiegel/pkg/web/site"
)

// licencesView lists whose work is in the program; works with the same texts stand together.
type licencesView struct {
	site.PageView
	Groups []licenceGroup
}

type licenceGroup struct {
	Works   []licence.Work
	Licence string
	Text    string
}

// readLicences reads the licences among the built assets. The error is licence.ErrNotBuilt where there are none.
func readLicences(assets fs.FS) ([]licenceGroup, error) {
	packed, err := fs.ReadFile(assets, licence.File)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("web: read the licences: %w", err)
	}
	works, err := licence.Unpack(packed)
	return groupLicences(works), err
}

// groupLicences joins works whose texts are the same, in the order of the first of each.
func groupLicences(works []licence.Work) []licenceGroup {
	var groups []licenceGroup
	places := map[string]int{}
	for _, w := range works {
		at, ok := places[w.Text]
		if !ok {
			at = len(groups)
			places[w.Text] = at
			groups = append(groups, licenceGroup{Licence: w.Licence, Text: w.Text})
		}
		groups[at].Works = append(groups[at].Works, w)
	}
	return groups
}

func (s *shell) licences(r *site.Request) error {
	groups, err := s.licenceGroups()
	if err != nil {
		return err
	}
	return r.Render(http.StatusOK, "licences", licencesView{r.Page(r.Text.Text("licences.title")), groups})
}
