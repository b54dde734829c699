package round_test

import (
	"os"
	"testing"

	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/internal/testkit/setup"
)

func TestMain(m *testing.M) { os.Exit(testkit.RunKeeping(m)) }

var noon = setup.Noon

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
