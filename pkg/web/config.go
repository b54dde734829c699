package web

import (
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/dryrun"
	"ortsspiegel/pkg/round/trend"
	"ortsspiegel/pkg/territory"
	"ortsspiegel/pkg/web/answering"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/checklists"
	"ortsspiegel/pkg/web/people"
	"ortsspiegel/pkg/web/results"
	"ortsspiegel/pkg/web/rounds"
	"ortsspiegel/pkg/web/site"
)

// Checklists are the versions this installation knows.
type Checklists = checklists.Checklists

// Config is everything the application needs: what all pages share, and the services that the features ask. All fields
// without a stated default are required.
type Config struct {
	site.Config

	Accounts    *account.Service
	Territory   *territory.Service
	Assessments *assessment.Service
	Rounds      *round.Service
	Versions    *lineage.Versions
	Trends      *trend.Service
	DryRuns     *dryrun.Service
	Checklists  Checklists
	Drafts      checklists.Drafts // nil, as in normal operation: there are no pages of drafts
}

// Each feature gets what it asks and no more.

func (c Config) people() people.Services {
	return people.Services{Accounts: c.Accounts, Territory: c.Territory}
}

func (c Config) checklists() checklists.Services {
	return checklists.Services{Checklists: c.Checklists, Versions: c.Versions, Drafts: c.Drafts}
}

func (c Config) assessments() assessments.Services {
	return assessments.Services{Accounts: c.Accounts, Assessments: c.Assessments, Rounds: c.Rounds,
		Versions: c.Versions}
}

func (c Config) answering() answering.Services {
	return answering.Services{Accounts: c.Accounts, Assessments: c.Assessments, Versions: c.Versions}
}

func (c Config) results() results.Services {
	return results.Services{Accounts: c.Accounts, Reports: c.reports(), Rounds: c.Rounds, Territory: c.Territory,
		Trends: c.Trends, Versions: c.Versions}
}

func (c Config) rounds() rounds.Services {
	return rounds.Services{Accounts: c.Accounts, Checklists: c.Checklists, DryRuns: c.DryRuns, Reports: c.reports(),
		Rounds: c.Rounds, Territory: c.Territory, Trends: c.Trends, Versions: c.Versions}
}

// reports is where exports get their figures; the command line uses the same.
func (c Config) reports() report.Service {
	return report.Service{Assessments: c.Assessments, Rounds: c.Rounds, Versions: c.Versions, Trends: c.Trends,
		Territory: c.Territory, Program: c.Program, Now: c.Now}
}
