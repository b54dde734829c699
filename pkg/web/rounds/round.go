package rounds

import (
	"net/http"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
)

// roundRoutes are an agency's rounds: creating, steering, watching, comparing.
func (s *Pages) roundRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/rounds/new", Name: "round.new", Action: account.ManageRound,
			Handler: s.roundNew},
		{Method: http.MethodPost, Path: "/rounds", Name: "round.create", Action: account.ManageRound,
			Handler: s.roundCreate, Body: bodyRound},
		{Method: http.MethodGet, Path: "/rounds/:round", Name: "round", Action: account.ViewRound,
			Object:  s.roundObject,
			Handler: s.roundProgress},
		{Method: http.MethodGet, Path: "/rounds/:round/edit", Name: "round.edit", Action: account.ManageRound,
			Object: s.roundObject, Handler: s.roundEdit},
		{Method: http.MethodPost, Path: "/rounds/:round/edit", Name: "round.change", Action: account.ManageRound,
			Object: s.roundObject, Handler: s.roundChange, Body: bodyRound},
		{Method: http.MethodGet, Path: "/rounds/:round/:step", Name: "round.confirm", Action: account.ManageRound,
			Object: s.roundObject, Handler: s.roundConfirm, Timeout: exportTimeout},
		{Method: http.MethodPost, Path: "/rounds/:round/:step", Name: "round.step", Action: account.ManageRound,
			Object: s.roundObject, Handler: s.roundStep, Timeout: exportTimeout},
		{Method: http.MethodGet, Path: "/rounds/:round/benchmark", Name: "round.benchmark",
			Action: account.ViewBenchmark, Object: s.roundObject, Handler: s.roundBenchmark},
		{Method: http.MethodGet, Path: "/rounds/:round/versions/:version", Name: "round.version",
			Action: account.ViewBenchmark, Object: s.roundObject, Handler: s.roundVersion, Cost: site.Costly},
		{Method: http.MethodGet, Path: "/rounds/:round/map.json", Name: "round.map", Action: account.ViewBenchmark,
			Object: s.roundObject, Handler: s.roundMap},
		{Method: http.MethodGet, Path: "/rounds/:round/selection", Name: "round.selection",
			Action: account.ManageRound, Object: s.roundObject, Handler: s.roundSelection},
		{Method: http.MethodGet, Path: "/rounds/:round/talks", Name: "round.talks", Action: account.ViewBenchmark,
			Object: s.roundObject, Handler: s.roundTalks},
		{Method: http.MethodGet, Path: "/rounds/:round/towns-export.xlsx", Name: "round.export_towns",
			Action: account.ExportRound, Object: s.roundObject, Handler: s.roundTownsExport, Timeout: exportTimeout,
			Cost: site.Costly},
		{Method: http.MethodGet, Path: "/rounds/:round/export.xlsx", Name: "round.export_xlsx",
			Action: account.ExportRound, Object: s.roundObject, Handler: s.roundExportXLSX, Timeout: exportTimeout,
			Cost: site.Costly},
		{Method: http.MethodGet, Path: "/rounds/:round/export.csv", Name: "round.export_csv",
			Action: account.ExportRound, Object: s.roundObject, Handler: s.roundExportCSV, Timeout: exportTimeout,
			Cost: site.Costly},
	}
}

// bodyRound bounds the form of a round: a program may send every town as a field, and a state can have two thousand.
const bodyRound = 1 << 20

// roundObject loads the round in the address.
func (s *Pages) roundObject(r *site.Request) (account.Object, error) {
	x, err := s.services.Rounds.Round(r.Ctx(), r.Actor, r.Route.Action, round.ID(r.Number("round")))
	if err != nil {
		return account.Object{}, err
	}
	r.About = x
	return x.Object(), nil
}

// roundOf returns the round that the request is about.
func roundOf(r *site.Request) round.Round {
	x, _ := r.About.(round.Round)
	return x
}

// roundName is how a checklist is called in a round's pages.
func roundName(d *checklist.Definition, lang checklist.Lang) string {
	return d.Title.In(lang) + " " + string(d.Version)
}
