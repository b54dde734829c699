package checklists

import (
	"net/http"
	"slices"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/checklist/compare"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/site"
)

// changesRoutes show what a version of a checklist changed.
func (s *Pages) changesRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/checklists/:checklist/:version/changes/:from", Name: "checklist.changes",
			Action: account.Public, Handler: s.checklistChanges},
	}
}

func changesAddress(id checklist.ID, from, to checklist.Version) string {
	return "/checklists/" + string(id) + "/" + string(to) + "/changes/" + string(from)
}

// checklistChanges compares two versions. The form on the page comes back here with a pair of
// its own and is sent on to that pair's address.
func (s *Pages) checklistChanges(r *site.Request) error {
	id, from, to := checklist.ID(r.Param("checklist")), checklist.Version(r.Param("from")),
		checklist.Version(r.Param("version"))
	older, newer := checklist.Version(r.QueryParam("older")), checklist.Version(r.QueryParam("newer"))
	chosen := older != "" || newer != ""
	if chosen && older != newer {
		if !older.Valid() || !newer.Valid() || !id.Valid() {
			return site.ErrNoPage
		}
		if older.Compare(newer) > 0 {
			older, newer = newer, older
		}
		return r.SeeOther(changesAddress(id, older, newer))
	}
	if from == to {
		return site.ErrNoPage
	}
	d, err := s.shownChecklist(r, checklist.Ref{ID: id, Version: to})
	if err != nil {
		return err
	}
	path, err := carry.PathBack(d, from, func(v checklist.Version) (*checklist.Definition, error) {
		return s.shownChecklist(r, checklist.Ref{ID: id, Version: v})
	})
	if err != nil {
		return err
	}
	versions, err := s.versionsOf(id)
	if err != nil {
		return err
	}
	for _, d := range path.Versions() { // of some the files may be gone
		versions = append(versions, d.Version)
	}
	slices.SortFunc(versions, func(a, b checklist.Version) int { return b.Compare(a) })
	versions = slices.Compact(versions)
	v := newChangesView(r, path, compare.Compare(path))
	v.choices(r, versions)
	status := http.StatusOK
	if chosen {
		v.Newer.Error = r.Text.Text("changes.same")
		v.Errors = []site.ErrorLine{{Field: v.Newer.Name, Text: v.Newer.Error}}
		status = http.StatusUnprocessableEntity
	}
	return r.Render(status, "checklist_changes", v)
}

// versionsOf lists the versions of a checklist that there are files of, the newest first.
func (s *Pages) versionsOf(id checklist.ID) ([]checklist.Version, error) {
	refs, err := s.services.Checklists.Refs()
	if err != nil {
		return nil, err
	}
	var versions []checklist.Version
	for _, ref := range refs {
		if ref.ID == id {
			versions = append(versions, ref.Version)
		}
	}
	return versions, nil
}

// changesSince returns the address of the page about what a version changed, if the version
// before it is shown too.
func (s *Pages) changesSince(r *site.Request, d *checklist.Definition) (before checklist.Version, address string,
	err error) {
	if d.Changes == nil {
		return "", "", nil
	}
	_, err = s.shownChecklist(r, checklist.Ref{ID: d.ID, Version: d.Changes.From})
	if fault.Is(err, fault.NotFound) {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	return d.Changes.From, changesAddress(d.ID, d.Changes.From, d.Version), nil
}

// choices offers the other pairs, if there are any.
func (v *changesView) choices(r *site.Request, versions []checklist.Version) {
	if len(versions) < 3 {
		return
	}
	v.Older = site.SelectView{Name: "older", Label: r.Text.Text("changes.older")}
	v.Newer = site.SelectView{Name: "newer", Label: r.Text.Text("changes.newer")}
	for i, version := range versions {
		name := string(version)
		if i > 0 {
			v.Older.Options = append(v.Older.Options, site.OptionView{Value: name, Label: name,
				Selected: name == v.From})
		}
		if i < len(versions)-1 {
			v.Newer.Options = append(v.Newer.Options, site.OptionView{Value: name, Label: name, Selected: name == v.To})
		}
	}
}
