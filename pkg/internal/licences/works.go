package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ortsspiegel/pkg/licence"
)

// systems are those that the program is built for; each links a few modules of its own.
var systems = []string{"linux", "windows", "darwin"}

// module is one that is linked, with the folders of its packages that are.
type module struct {
	name, version, dir string
	packages           []string
}

// goModules returns the modules linked into a program on any of the systems, and Go itself.
func goModules(ctx context.Context, program string) ([]licence.Work, error) {
	modules := map[string]*module{}
	for _, system := range systems {
		list, err := output(ctx, []string{"GOOS=" + system, "CGO_ENABLED=0"}, "list", "-deps", "-f",
			"{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}", program)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(list) {
			f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if len(f) != 4 {
				continue // the standard library's and our own
			}
			m := modules[f[0]]
			if m == nil {
				m = &module{name: f[0], version: f[1], dir: f[2]}
				modules[m.name] = m
			}
			m.packages = append(m.packages, f[3])
		}
	}
	said, err := output(ctx, nil, "env", "GOROOT", "GOVERSION")
	if err != nil {
		return nil, err
	}
	root, version, _ := strings.Cut(strings.TrimSpace(said), "\n")
	modules["Go"] = &module{name: "Go", version: strings.TrimPrefix(version, "go"), dir: root}
	var works []licence.Work
	for _, m := range modules {
		w, err := m.work()
		if err != nil {
			return nil, err
		}
		works = append(works, w)
	}
	return works, nil
}

// work reads the texts of a module: those at its root, and those that packages with foreign
// code in them carry themselves.
func (m *module) work() (licence.Work, error) {
	folders := []string{m.dir}
	for _, dir := range m.packages {
		for ; len(dir) > len(m.dir); dir = filepath.Dir(dir) {
			folders = append(folders, dir)
		}
	}
	slices.Sort(folders)
	text, err := texts(m.dir, slices.Compact(folders))
	if err != nil {
		return licence.Work{}, err
	}
	w := licence.Work{Name: m.name, Version: m.version, Licence: strings.Join(named(text), ", "), Text: text}
	return w, known(w)
}

// bundle is a package of npm of which something is in the assets. Name, version and copyright
// are given where the package only brings the licence of a work that another one contains.
type bundle struct{ Folder, Name, Version, Copyright string }

func npmPackages(root, listed string) ([]licence.Work, error) {
	data, err := os.ReadFile(listed)
	if err != nil {
		return nil, err
	}
	var list []bundle
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", listed, err)
	}
	var works []licence.Work
	for _, b := range list {
		dir := filepath.Join(root, filepath.FromSlash(b.Folder))
		data, err := os.ReadFile(filepath.Join(dir, "package.json"))
		if err != nil {
			return nil, err
		}
		var said struct{ Name, Version, License string }
		if err := json.Unmarshal(data, &said); err != nil {
			return nil, fmt.Errorf("%s: %w", b.Folder, err)
		}
		w := licence.Work{Name: said.Name, Version: said.Version, Licence: said.License}
		if w.Text, err = texts(dir, []string{dir}); err != nil {
			return nil, err
		}
		if b.Name != "" {
			w.Name, w.Version, w.Text = b.Name, b.Version, b.Copyright+"\n\n"+w.Text
		}
		if err := known(w); err != nil {
			return nil, err
		}
		works = append(works, w)
	}
	return works, nil
}

func known(w licence.Work) error {
	if w.Licence == "" || strings.TrimSpace(w.Text) == "" {
		return fmt.Errorf("%s %s: no licence is known; look at it, and teach this program its text", w.Name, w.Version)
	}
	return nil
}

// texts joins all licences and notices in folders of a work, each below its name if they are several.
func texts(root string, folders []string) (string, error) {
	var names, contents []string
	for _, folder := range folders {
		for _, pattern := range []string{"*", "licenses/*", "LICENSES/*"} {
			found, err := filepath.Glob(filepath.Join(globQuoted(folder), pattern))
			if err != nil {
				return "", err
			}
			for _, file := range found {
				if pattern == "*" && !isLicence(filepath.Base(file)) {
					continue
				}
				if info, err := os.Stat(file); err != nil || info.IsDir() {
					continue
				}
				data, err := os.ReadFile(file)
				if err != nil {
					return "", err
				}
				name, err := filepath.Rel(root, file)
				if err != nil {
					return "", err
				}
				if text := plain(string(data)); !slices.Contains(contents, text) {
					names, contents = append(names, filepath.ToSlash(name)), append(contents, text)
				}
			}
		}
	}
	if len(contents) == 1 {
		return contents[0], nil
	}
	var b strings.Builder
	for i, name := range names {
		fmt.Fprintf(&b, "=== %s ===\n\n%s\n", name, contents[i])
	}
	return b.String(), nil
}

// globQuoted keeps the signs of a folder's name from being read as a pattern's.
func globQuoted(folder string) string {
	return strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(folder)
}

func isLicence(name string) bool {
	name = strings.ToLower(name)
	switch filepath.Ext(name) {
	case "", ".txt", ".md":
	default:
		if strings.Contains(filepath.Ext(name), "go") {
			return false // license.go is a package's source
		}
	}
	for _, begin := range []string{"licence", "license", "copying", "notice", "copyright", "unlicense", "patents"} {
		if strings.HasPrefix(name, begin) {
			return true
		}
	}
	return false
}

// plain is a text with simple line ends and without what no page shows.
func plain(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	return strings.Trim(strings.TrimPrefix(s, "\ufeff"), "\n") + "\n"
}

// signs are sentences by which a licence is told, in small letters and with single spaces.
var signs = []struct{ name, has, lacks string }{
	{"Apache-2.0", "apache license version 2.0", ""},
	{"MIT", "permission is hereby granted, free of charge, to any person obtaining a copy", ""},
	{"BSD-3-Clause", "may be used to endorse or promote products", ""},
	{"BSD-2-Clause", "redistribution and use in source and binary forms", "may be used to endorse or promote products"},
	{
		"ISC",
		"permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is " +
			"hereby granted, provided", "",
	},
	{
		"0BSD",
		"permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is " +
			"hereby granted.", "",
	},
	{"OFL-1.1", "sil open font license version 1.1", ""},
	{"MPL-2.0", "mozilla public license version 2.0", ""},
	{"EUPL-1.2", "union public licence v. 1.2", ""},
	{"Unlicense", "this is free and unencumbered software released into the public domain", ""},
	{"SQLite", "may you do good and not evil", ""},
}

// named returns the licences whose sentences are in a text.
func named(text string) []string {
	text = strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(text, ",\n", "\n")), " "))
	text = strings.ReplaceAll(text, "license, version", "license version")
	var names []string
	for _, s := range signs {
		if strings.Contains(text, s.has) && (s.lacks == "" || !strings.Contains(text, s.lacks)) {
			names = append(names, s.name)
		}
	}
	return names
}
