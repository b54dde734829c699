package zipguard

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"net/url"
	"path"
	"strings"
)

// The two parts that every office file has under these names; all others are where these say.
const (
	typesPart = "[content_types].xml"
	rootPart  = "_rels/.rels"
)

// keptBytes bounds each part that is read for what it says of others; in a large real workbook they have some
// hundred kilobytes.
const keptBytes = 4 << 20

// Package is an office file (Open Packaging Conventions) as it describes itself: which part is the document, and of
// which media type. Names are compared without regard to case, as the conventions say.
type Package struct {
	Main  string // name of the main part, normalised; empty: the file has none
	Media string // its media type, in lower case; empty: the file does not say

	files map[string]*zip.File
}

// ReadPackage reads what an archive says of itself, each part up to a limit. Without relationships of its own it has
// the main part that Office would have written. Errors are faults.
func ReadPackage(files []*zip.File) (*Package, error) {
	p := &Package{files: make(map[string]*zip.File, len(files))}
	for _, f := range files {
		p.files[normal(f.Name)] = f
	}
	root, err := p.relations("")
	if err != nil {
		return nil, err
	}
	for _, r := range root {
		if r.is("officeDocument") && p.Main == "" {
			p.Main = r.target
		}
	}
	for _, usual := range []string{"xl/workbook.xml", "word/document.xml", "ppt/presentation.xml"} {
		if p.files[p.Main] == nil && p.files[usual] != nil {
			p.Main = usual
		}
	}
	if p.files[p.Main] == nil {
		p.Main = ""
		return p, nil
	}
	p.Media, err = p.media(p.Main)
	return p, err
}

// relation says that a part has another one, and what for.
type relation struct {
	id, kind string
	target   string // normalised name of the part
}

// is compares the last part of the kind: the strict variant of the format has other addresses.
func (r *relation) is(kind string) bool { return strings.HasSuffix(r.kind, "/"+kind) }

// relations are those of a part; of the package itself if part is empty.
func (p *Package) relations(part string) ([]relation, error) {
	dir, base := path.Split(part)
	var in struct {
		Relationships []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
			Mode   string `xml:"TargetMode,attr"`
		} `xml:"Relationship"`
	}
	if ok, err := p.decode(dir+"_rels/"+base+".rels", &in); !ok {
		return nil, err
	}
	var list []relation
	for _, r := range in.Relationships {
		if strings.EqualFold(r.Mode, "External") {
			continue
		}
		target := normal(r.Target)
		if !strings.HasPrefix(target, "/") {
			target = path.Join(dir, target)
		}
		target = strings.TrimPrefix(path.Clean(target), "/")
		if plain, err := url.PathUnescape(target); err == nil && p.files[target] == nil && p.files[plain] != nil {
			target = plain
		}
		list = append(list, relation{r.ID, r.Type, target})
	}
	return list, nil
}

// media is the media type of a part, in lower case.
func (p *Package) media(part string) (string, error) {
	var in struct {
		Defaults []struct {
			Extension string `xml:"Extension,attr"`
			Type      string `xml:"ContentType,attr"`
		} `xml:"Default"`
		Overrides []struct {
			Part string `xml:"PartName,attr"`
			Type string `xml:"ContentType,attr"`
		} `xml:"Override"`
	}
	if ok, err := p.decode(typesPart, &in); !ok {
		return "", err
	}
	for _, o := range in.Overrides {
		if strings.TrimPrefix(normal(o.Part), "/") == part {
			return strings.ToLower(o.Type), nil
		}
	}
	for _, d := range in.Defaults {
		if "."+strings.ToLower(d.Extension) == path.Ext(part) {
			return strings.ToLower(d.Type), nil
		}
	}
	return "", nil
}

// decode reads an XML part whole; ok is false if it is not there or the error is not nil.
func (p *Package) decode(name string, into any) (ok bool, err error) {
	f := p.files[normal(name)]
	if f == nil {
		return false, nil
	}
	limits := Limits{Entry: keptBytes, Unpacked: keptBytes, Ratio: Workbook().Ratio}
	kept := &bytes.Buffer{}
	m := &meter{limits: limits, packed: int64(f.CompressedSize64), left: keptBytes, memory: keptBytes, next: kept}
	if err := inflate(f, m); err != nil {
		return false, err
	}
	if err := xml.Unmarshal(kept.Bytes(), into); err != nil {
		return false, damaged(f.Name, err)
	}
	return true, nil
}

// plan is which parts of a workbook are what, by normalised names.
type plan struct {
	book, strings, styles string
	sheets                []plannedSheet // in the order of the workbook
	names                 map[string]string
}

type plannedSheet struct{ name, part string }

// plan reads where the parts of a workbook are.
func (p *Package) plan() (*plan, error) {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
			// the strict variant of the format has a namespace of its own
			StrictID string `xml:"http://purl.oclc.org/ooxml/officeDocument/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	if ok, err := p.decode(p.Main, &book); !ok {
		return nil, err
	}
	relations, err := p.relations(p.Main)
	if err != nil {
		return nil, err
	}
	out := &plan{book: p.Main, names: map[string]string{}}
	targets := make(map[string]relation, len(relations))
	for _, r := range relations {
		targets[r.id] = r
		switch {
		case r.is("sharedStrings"):
			out.strings = r.target
		case r.is("styles"):
			out.styles = r.target
		}
	}
	// Texts and formats that nothing leads to stand where every program looks for them.
	for usual, part := range map[string]*string{"xl/sharedstrings.xml": &out.strings, "xl/styles.xml": &out.styles} {
		if p.files[*part] == nil {
			*part = ""
			if p.files[usual] != nil {
				*part = usual
			}
		}
	}
	for _, s := range book.Sheets {
		id := s.ID
		if id == "" {
			id = s.StrictID
		}
		r, ok := targets[id]
		// A relationship without a kind is taken for what its folder says.
		worksheet := r.is("worksheet") || r.kind == "" && strings.HasPrefix(r.target, "xl/worksheets/")
		if _, twice := out.names[r.target]; !ok || !worksheet || p.files[r.target] == nil || twice {
			continue
		}
		out.sheets = append(out.sheets, plannedSheet{s.Name, r.target})
		out.names[r.target] = s.Name
	}
	if len(out.sheets) == 0 {
		return nil, invalid("workbook_no_sheet", "the workbook has no worksheet")
	}
	return out, nil
}
