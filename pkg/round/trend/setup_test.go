package trend_test

import (
	"os"
	"testing"

	"ortsspiegel/pkg/internal/testkit"
)

func TestMain(m *testing.M) { os.Exit(testkit.RunKeeping(m)) }
