package licence

import (
	"errors"
	"testing"
)

func TestWorksComeBackAsTheyWerePacked(t *testing.T) {
	want := Work{Name: "a", Version: "v1", Licence: "MIT", Text: "© <one> & “two”\n"}
	packed, err := Pack([]Work{want})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Unpack(packed)
	if err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := Unpack(nil); !errors.Is(err, ErrNotBuilt) {
		t.Errorf("without a build: %v", err)
	}
	if _, err := Unpack(packed[:len(packed)/2]); err == nil {
		t.Error("half a file is read without an error")
	}
}
