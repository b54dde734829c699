package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestMemoryIsGivenBackOnceWhenQuiet(t *testing.T) {
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	given := 0
	var during func()
	q := newCalmed(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { during() }), func() time.Time {
		return now
	})
	q.release = func() { given++ }
	ask := func(f func()) {
		during = f
		q.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	}
	later := func(d time.Duration, want int, when string) {
		t.Helper()
		now = now.Add(d)
		if q.look(); given != want {
			t.Errorf("%s: given back %d times, want %d", when, given, want)
		}
	}
	later(time.Hour, 0, "before anybody asked")
	ask(func() { later(time.Hour, 0, "while the first request runs") })
	ask(func() { later(time.Hour, 0, "while the second one runs") })
	later(quietFor-1, 0, "a moment too soon")
	later(1, 1, "after the quiet")
	later(time.Hour, 1, "still quiet")
	ask(func() {})
	later(quietFor, 2, "after one more request")
}
