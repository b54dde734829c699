package book

import (
	"testing"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{"ä\r\nb\rc": "ä\nb\nc", "a\x00b\x1bc\x7f": "abc", "x\ufffe\uffff": "x",
		"kaputt \xff": "kaputt ", "🎉\tok": "🎉\tok"} {
		if got := Clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}
