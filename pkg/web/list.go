package web

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ortsspiegel/pkg/internal/plaintext"
)

// listPage is how many lines a page of a list shows.
const listPage = 100

// listView is what a page says of its list: which part of it is shown, how to search it, and where the other parts are. What was chosen
// stands in the address: q, page, and what the page itself sorts and filters by.
type listView struct {
	Action      string // address of the page without what was chosen
	Anchor      string // id of the list
	Label       string // of the search
	Find        string
	Kept        []keptField // what else was chosen, for the form of the search
	Total       int         // lines that were found
	First, Last int         // those that are shown, from 1
	Page, Pages int
	BackURL     string // empty: there is none
	NextURL     string
	ClearURL    string // without the search; empty: nothing is searched for
}

type keptField struct{ Name, Value string }

// Many reports whether there is anything to search or to leaf through.
func (v listView) Many() bool { return v.Pages > 1 || v.Find != "" }

// lister makes the addresses of a list: each keeps what the others choose.
type lister struct {
	r      *request
	path   string
	anchor string
	chosen url.Values
}

// lister reads what was chosen in the address: q and the page's own names.
func (r *request) lister(path, anchor string, names ...string) lister {
	l := lister{r: r, path: path, anchor: anchor, chosen: url.Values{}}
	for _, name := range append([]string{"q"}, names...) {
		if v := strings.TrimSpace(r.QueryParam(name)); v != "" && len(v) <= 200 {
			l.chosen.Set(name, v)
		}
	}
	return l
}

// url is the list with another choice, from its first page; an empty one takes it back.
func (l lister) url(name, value string) string {
	chosen := url.Values{}
	for k, v := range l.chosen {
		chosen[k] = v
	}
	chosen.Set(name, value)
	if value == "" {
		chosen.Del(name)
	}
	if len(chosen) == 0 {
		return l.path + "#" + l.anchor
	}
	return l.path + "?" + chosen.Encode() + "#" + l.anchor
}

// choice offers the known values of a name, whose texts begin with prefix, and returns the chosen one; an unknown one is the first.
func (l lister) choice(name string, known []string, prefix string) (string, []tabView) {
	chosen := oneOf(l.chosen.Get(name), known)
	tabs := make([]tabView, len(known))
	for i, k := range known {
		tabs[i] = tabView{l.url(name, k), l.r.text.text(prefix + k), k == chosen}
	}
	return chosen, tabs
}

// find is what is searched for, as plaintext.Fold writes it.
func (l lister) find() string { return plaintext.Fold(l.chosen.Get("q")) }

// pagedList returns the page of a list that the address asks for; one that does not exist is the nearest.
func pagedList[T any](l lister, label string, list []T) (listView, []T) {
	v := listView{Action: l.path, Anchor: l.anchor, Label: label, Find: l.chosen.Get("q"), Total: len(list), Pages: max(1, (len(list)+listPage-1)/listPage)}
	page, _ := strconv.Atoi(l.r.QueryParam("page"))
	v.Page = min(max(page, 1), v.Pages)
	from, to := (v.Page-1)*listPage, min(v.Page*listPage, len(list))
	v.First, v.Last = min(from+1, to), to
	if v.Page > 1 {
		v.BackURL = l.url("page", strconv.Itoa(v.Page-1))
	}
	if v.Page < v.Pages {
		v.NextURL = l.url("page", strconv.Itoa(v.Page+1))
	}
	if v.Find != "" {
		v.ClearURL = l.url("q", "")
	}
	for _, name := range slices.Sorted(maps.Keys(l.chosen)) {
		values := l.chosen[name]
		if name != "q" {
			v.Kept = append(v.Kept, keptField{name, values[0]})
		}
	}
	return v, list[from:to]
}

// found reports whether one of some texts holds what is searched for.
func found(find string, texts ...string) bool {
	if find == "" {
		return true
	}
	for _, t := range texts {
		if strings.Contains(plaintext.Fold(t), find) {
			return true
		}
	}
	return false
}
