package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func write(t *testing.T, content string, path ...string) {
	t.Helper()
	file := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

const mit = "MIT License\r\n\r\nPermission is hereby granted, free of charge, to any\r\nperson obtaining a copy"

func TestModuleCarriesAllItsTexts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "some[module]@v1")
	write(t, mit, dir, "LICENSE")
	write(t, "Copyright the authors", dir, "NOTICE.txt")
	write(t, "package x", dir, "license.go")
	write(t, "Redistribution and use in source and\nbinary forms", dir, "foreign", "COPYING")
	write(t, "nobody links this", dir, "tool", "LICENSE")
	m := module{name: "example.org/some", version: "v1.0.0", dir: dir,
		packages: []string{filepath.Join(dir, "foreign", "deep"), dir}}
	w, err := m.work()
	if err != nil {
		t.Fatal(err)
	}
	if w.Licence != "MIT, BSD-2-Clause" {
		t.Errorf("licences %q", w.Licence)
	}
	for text, want := range map[string]bool{"=== LICENSE ===": true, "person obtaining": true,
		"Copyright the authors": true, "=== foreign/COPYING ===": true,
		"nobody": false, "package x": false, "\r": false} {
		if strings.Contains(w.Text, text) != want {
			t.Errorf("%q: %v, want %v", text, !want, want)
		}
	}
}

func TestUnknownLicenceStopsTheBuild(t *testing.T) {
	for _, content := range []string{"", "All rights reserved."} {
		dir := t.TempDir()
		write(t, content, dir, "LICENSE")
		m := module{name: "example.org/closed", version: "v1.0.0", dir: dir}
		if _, err := m.work(); err == nil || !strings.Contains(err.Error(), "example.org/closed") {
			t.Errorf("%q: %v", content, err)
		}
	}
}

func TestPackageGivesItsLicenceToTheFontOfAnother(t *testing.T) {
	root := t.TempDir()
	write(t, `{"name":"@fonts/letters","version":"5.0.0","license":"OFL-1.1"}`, root, "@fonts", "letters",
		"package.json")
	write(t, "SIL OPEN FONT LICENSE Version 1.1", root, "@fonts", "letters", "LICENSE")
	list := filepath.Join(root, "bundled.json")
	write(t,
		`[{"folder":"@fonts/letters"},{"folder":"@fonts/letters","name":"Letters","version":"4.1","copyright":"© somebody"}]`, list)
	works, err := npmPackages(root, list)
	if err != nil || len(works) != 2 {
		t.Fatalf("%v, %v", works, err)
	}
	if w := works[0]; w.Name != "@fonts/letters" || w.Version != "5.0.0" || w.Licence != "OFL-1.1" {
		t.Errorf("the package: %+v", w)
	}
	if w := works[1]; w.Name != "Letters" || w.Version != "4.1" || !strings.HasPrefix(w.Text, "© somebody\n\nSIL") {
		t.Errorf("the font: %+v", w)
	}
}

func TestLicencesAreToldByTheirSentences(t *testing.T) {
	for text, want := range map[string]string{
		"Apache License\n   Version 2.0, January 2004":   "Apache-2.0",
		"licensed under the Apache License, Version 2.0": "Apache-2.0",
		"Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is " +
			"hereby granted, provided that": "ISC",
		"Permission to use, copy, modify, and/or distribute this\nsoftware for any purpose with or without fee is " +
			"hereby granted.": "0BSD",
		"Redistribution and use in source and binary forms … may be used to endorse or promote products " +
			"derived": "BSD-3-Clause",
		"EUROPEAN UNION PUBLIC LICENCE v. 1.2": "EUPL-1.2",
		"Mozilla Public License Version 2.0":   "MPL-2.0",
	} {
		if got := named(text); !slices.Equal(got, []string{want}) {
			t.Errorf("%q is told as %v, want %s", text, got, want)
		}
	}
}
