package territory

import (
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/fault"
)

func TestContrastIsThatOfWCAG(t *testing.T) {
	for _, x := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#ffffff", "#ffffff", 1}, {"#767676", "#ffffff", 4.54},
		{"#0000ff", "#ffffff", 8.59}} {
		a, _ := parseColour(x.a)
		b, _ := parseColour(x.b)
		if got := contrast(a, b); got < x.want-0.01 || got > x.want+0.01 {
			t.Errorf("contrast of %s on %s is %.3f, not %.2f", x.a, x.b, got, x.want)
		}
	}
}

// Whatever colour is refused, the one that is said to do does.
func TestColourThatWouldDoDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rgb{rapid.Uint8().Draw(t, "r"), rapid.Uint8().Draw(t, "g"), rapid.Uint8().Draw(t, "b")}
		for theme := range grounds {
			f := checkColour(theme, c.String())
			if f == nil {
				continue
			}
			near, _ := f.Args["Near"].(string)
			if again := checkColour(theme, near); again != nil {
				t.Fatalf("%s in %s: %s would do, and does not: %s", c, theme, near, again.Message)
			}
		}
	})
}

func TestLookIsChecked(t *testing.T) {
	for code, l := range map[string]Look{"look_both": {Light: "#2044aa"},
		"look_colour":         {Light: "blue", Dark: "#9db8ff"},
		"look_contrast_light": {Light: "#f5c400", Dark: "#f5c400"},
		"look_contrast_dark":  {Light: "#2044aa", Dark: "#2044aa"},
		"look_prose":          {Imprint: "<b>Amt</b>"}, "look_long": {Name: string(make([]rune, MaxLookName+1))}} {
		f := fault.As(l.check())
		if f == nil || f.Fields[0].Code != code {
			t.Errorf("%+v gives %v, not %s", l, f, code)
		}
	}
	if err := (Look{Light: "#2044aa", Dark: "#9db8ff", Imprint: "**Amt**\n\n- Markt 1"}).check(); err != nil {
		t.Error(err)
	}
}
