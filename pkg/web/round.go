package web

import (
	"net/http"
	"strconv"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/round"
)

// roundRoutes are an agency's rounds: creating, steering, watching, comparing.
func (s *roundPages) roundRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/rounds/new", name: "round.new", action: account.ManageRound, handler: s.roundNew},
		{method: http.MethodPost, path: "/rounds", name: "round.create", action: account.ManageRound, handler: s.roundCreate, body: bodyRound},
		{method: http.MethodGet, path: "/rounds/:round", name: "round", action: account.ViewRound, object: roundObject, handler: s.roundProgress},
		{method: http.MethodGet, path: "/rounds/:round/edit", name: "round.edit", action: account.ManageRound, object: roundObject, handler: s.roundEdit},
		{method: http.MethodPost, path: "/rounds/:round/edit", name: "round.change", action: account.ManageRound, object: roundObject, handler: s.roundChange, body: bodyRound},
		{method: http.MethodGet, path: "/rounds/:round/:step", name: "round.confirm", action: account.ManageRound, object: roundObject, handler: s.roundConfirm, timeout: exportTimeout},
		{method: http.MethodPost, path: "/rounds/:round/:step", name: "round.step", action: account.ManageRound, object: roundObject, handler: s.roundStep, timeout: exportTimeout},
		{method: http.MethodGet, path: "/rounds/:round/benchmark", name: "round.benchmark", action: account.ViewBenchmark, object: roundObject, handler: s.roundBenchmark},
		{method: http.MethodGet, path: "/rounds/:round/versions/:version", name: "round.version", action: account.ViewBenchmark, object: roundObject, handler: s.roundVersion, cost: costly},
		{method: http.MethodGet, path: "/rounds/:round/map.json", name: "round.map", action: account.ViewBenchmark, object: roundObject, handler: s.roundMap},
		{method: http.MethodGet, path: "/rounds/:round/export.xlsx", name: "round.export_xlsx", action: account.ExportRound, object: roundObject, handler: s.roundExportXLSX, timeout: exportTimeout, cost: costly},
		{method: http.MethodGet, path: "/rounds/:round/export.csv", name: "round.export_csv", action: account.ExportRound, object: roundObject, handler: s.roundExportCSV, timeout: exportTimeout, cost: costly},
	}
}

// bodyRound bounds the form of a round: a program may send every town as a field, and a state can have two thousand.
const bodyRound = 1 << 20

// roundObject loads the round in the address.
func roundObject(s *server, r *request) (account.Object, error) {
	x, err := s.Rounds.Round(r.ctx(), r.actor, r.route.action, round.ID(r.number("round")))
	if err != nil {
		return account.Object{}, err
	}
	r.round = x
	return x.Object(), nil
}

// roundName is how a checklist is called in a round's pages.
func roundName(d *checklist.Definition, lang checklist.Lang) string {
	return d.Title.In(lang) + " " + string(d.Version)
}

// ofNumber writes an id into an address.
func ofNumber(id int64) string { return strconv.FormatInt(id, 10) }
