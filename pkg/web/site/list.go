package site

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/region"
)

// listPage is how many lines a page of a list shows.
const listPage = 100

// ListView is what a page says of its list: which part of it is shown, how to search it, and where
// the other parts are. What was chosen stands in the address: q, page, and what the page itself
// sorts and filters by.
type ListView struct {
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
func (v ListView) Many() bool { return v.Pages > 1 || v.Find != "" }

// Lister makes the addresses of a list: each keeps what the others choose.
type Lister struct {
	r      *Request
	path   string
	anchor string
	Chosen url.Values
}

// Lister reads what was chosen in the address: q and the page's own names.
func (r *Request) Lister(path, anchor string, names ...string) Lister {
	l := Lister{r: r, path: path, anchor: anchor, Chosen: url.Values{}}
	for _, name := range append([]string{"q"}, names...) {
		if v := strings.TrimSpace(r.QueryParam(name)); v != "" && len(v) <= 200 {
			l.Chosen.Set(name, v)
		}
	}
	return l
}

// URL is the list with another choice, from its first page; an empty one takes it back.
func (l Lister) URL(name, value string) string {
	chosen := url.Values{}
	for k, v := range l.Chosen {
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

// Choice offers the known values of a name, whose texts begin with prefix, and returns the chosen
// one; an unknown one is the first.
func (l Lister) Choice(name string, known []string, prefix string) (string, []TabView) {
	chosen := oneOf(l.Chosen.Get(name), known)
	tabs := make([]TabView, len(known))
	for i, k := range known {
		tabs[i] = TabView{l.URL(name, k), l.r.Text.Text(prefix + k), k == chosen}
	}
	return chosen, tabs
}

// Find is what is searched for, as plaintext.Fold writes it.
func (l Lister) Find() string { return plaintext.Fold(l.Chosen.Get("q")) }

// PagedList returns the page of a list that the address asks for; one that does not exist is the nearest.
func PagedList[T any](l Lister, label string, list []T) (ListView, []T) {
	v := ListView{Action: l.path, Anchor: l.anchor, Label: label, Find: l.Chosen.Get("q"), Total: len(list),
		Pages: max(1, (len(list)+listPage-1)/listPage)}
	page, _ := strconv.Atoi(l.r.QueryParam("page"))
	v.Page = min(max(page, 1), v.Pages)
	from, to := (v.Page-1)*listPage, min(v.Page*listPage, len(list))
	v.First, v.Last = min(from+1, to), to
	if v.Page > 1 {
		v.BackURL = l.URL("page", strconv.Itoa(v.Page-1))
	}
	if v.Page < v.Pages {
		v.NextURL = l.URL("page", strconv.Itoa(v.Page+1))
	}
	if v.Find != "" {
		v.ClearURL = l.URL("q", "")
	}
	for _, name := range slices.Sorted(maps.Keys(l.Chosen)) {
		values := l.Chosen[name]
		if name != "q" {
			v.Kept = append(v.Kept, keptField{name, values[0]})
		}
	}
	return v, list[from:to]
}

// Found reports whether one of some texts holds what is searched for.
func Found(find string, texts ...string) bool {
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

// ByDistrict orders towns by the names of their districts and their own.
func ByDistrict(towns []region.Municipality) []region.Municipality {
	list := slices.Clone(towns)
	districts := map[string]string{}
	SortByKey(list, func(m region.Municipality) string {
		key, ok := districts[m.District.Name]
		if !ok {
			key = plaintext.Fold(m.District.Name)
			districts[m.District.Name] = key
		}
		return key + "\x00" + string(m.District.Key) + "\x00" + m.Name
	})
	return list
}

// SortByKey sorts a list by a text as plaintext.Fold writes it, which is made once for each. What
// is alike stays as it was.
func SortByKey[T any](list []T, text func(T) string) {
	keys := make([]string, len(list))
	for i, item := range list {
		keys[i] = plaintext.Fold(text(item))
	}
	sortPlaces(list, func(a, b int) int { return cmp.Compare(keys[a], keys[b]) })
}

// SortLarge sorts a list of large items: each moves once. What is alike stays as it was.
func SortLarge[T any](list []T, order func(a, b *T) int) {
	sortPlaces(list, func(a, b int) int { return order(&list[a], &list[b]) })
}

// sortPlaces sorts a list by what is said of its items' places.
func sortPlaces[T any](list []T, order func(a, b int) int) {
	places := make([]int, len(list))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(a, b int) int { return cmp.Or(order(a, b), a-b) })
	sorted := make([]T, len(list))
	for i, at := range places {
		sorted[i] = list[at]
	}
	copy(list, sorted)
}

// Matching finds towns by name, district or the beginning of their key.
func Matching(towns []region.Municipality, find string) []region.Municipality {
	if find == "" {
		return nil
	}
	find = plaintext.Fold(find)
	var list []region.Municipality
	for _, m := range towns {
		if strings.Contains(plaintext.Fold(m.Name), find) || strings.Contains(plaintext.Fold(m.District.Name), find) ||
			strings.HasPrefix(string(m.AGS), find) {
			list = append(list, m)
		}
	}
	return list
}

// oneOf returns s if it is among the known, else the first of them.
func oneOf(s string, known []string) string {
	if slices.Contains(known, s) {
		return s
	}
	return known[0]
}
