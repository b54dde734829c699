package chart

import (
	"encoding/json"
	"slices"
	"testing"
)

func stack(name string) Stack {
	return Stack{ID: "s", Title: name, Lang: "de", Head: name, Parts: []string{"übernommen", name, "entfallen"},
		Sum: "alle",
		Rows: []StackRow{{Name: name, N: []int{1480, 20, 0}}, {Name: "Netz", N: []int{0, 0, 300}},
			{Name: "Büro", N: []int{0, 0, 0}}}}
}

func TestStackedTable(t *testing.T) {
	c := Stacked(stack("neu"))
	for i, want := range [][]string{{"neu", "1.480", "20", "0", "1.500"}, {"Netz", "0", "0", "300", "300"},
		{"Büro", "0", "0", "0", "0"}} {
		if got := cellTexts(c.Table.Rows[i]); !slices.Equal(got, want) {
			t.Errorf("row %d: %q, want %q", i, got, want)
		}
	}
	if head := cellTexts(c.Table.Head); !slices.Equal(head, []string{"neu", "übernommen", "neu", "entfallen",
		"alle"}) || *c.Table.Rows[0][4].Value != 1500 {
		t.Errorf("head %q, sum %v", head, *c.Table.Rows[0][4].Value)
	}
}

// TestStackedBarsAddUp reads the picture: the parts of each bar stand on each other, and only long ones are labelled.
func TestStackedBarsAddUp(t *testing.T) {
	s := stack("neu")
	var picture struct {
		Series []struct {
			Name, Stack string
			Data        []struct {
				Value *int
				Text  string
			}
		}
		YAxis []struct{ Data []string }
	}
	if err := json.Unmarshal(Stacked(s).Option, &picture); err != nil {
		t.Fatal(err)
	}
	if len(picture.Series) != 3 || !slices.Equal(picture.YAxis[0].Data, []string{"neu", "Netz", "Büro"}) {
		t.Fatalf("%d series over %q", len(picture.Series), picture.YAxis[0].Data)
	}
	for i, r := range s.Rows {
		for k, part := range picture.Series {
			if part.Stack != picture.Series[0].Stack || part.Name != s.Parts[k] ||
				(part.Data[i].Value == nil) != (r.N[k] == 0) ||
				part.Data[i].Value != nil && *part.Data[i].Value != r.N[k] {
				t.Errorf("row %d, part %d: %+v", i, k, part.Data[i])
			}
		}
	}
	if picture.Series[0].Data[0].Text != "1.480" || picture.Series[2].Data[1].Text != "300" ||
		picture.Series[2].Data[0].Text != "" {
		t.Error("a long part has no number, or one without room has")
	}
	s.Rows = s.Rows[2:]
	if c := Stacked(s); c.Option != nil || c.Empty == "" || len(c.Table.Rows) != 1 {
		t.Error("a picture of nothing")
	}
}
