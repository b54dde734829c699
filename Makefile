# Everything that is built, tested or measured. `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# One static binary: SQLite is pure Go.
export CGO_ENABLED := 0

ADDR ?= 127.0.0.1:8080
DATA ?= ./data
# What the footer, workbooks and `ortsspiegel version` say: the release's number, or that of the next one until its tag is there.
VERSION ?= $(shell git describe --tags --abbrev=0 2>/dev/null | sed 's/^v//' | grep . || echo 0.1.0)
RELEASED ?= $(shell git log -1 --format=%cs 2>/dev/null)
COMMIT ?= $(shell git describe --always --dirty --exclude '*' 2>/dev/null)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.released=$(RELEASED) -X main.commit=$(COMMIT)

.PHONY: help deps assets build run dev test unit race shortrace lint vuln fmt cover golden fuzz bench soak screenshots clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

deps: ## install what the tests need on Debian (PostgreSQL, chromium, LibreOffice), or say what is missing
	@.ci/deps

static/node_modules/.package-lock.json: static/package.json static/package-lock.json
	cd static && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

ASSET_SOURCES := static/build.mjs $(wildcard static/css/*.css static/js/*.js static/img/*) $(shell find templates -name '*.html') $(shell find pkg/web -name "*.go")

static/dist/manifest.json: static/node_modules/.package-lock.json $(ASSET_SOURCES)
	cd static && node build.mjs

# Run on this machine even where the program is built for another.
static/dist/licences.json.gz: static/dist/manifest.json go.mod go.sum $(wildcard pkg/internal/licences/*.go)
	GOOS= GOARCH= go run ./pkg/internal/licences -out $@

# style sheets, scripts and fonts, and the licences of all that is built in, into static/dist
assets: static/dist/manifest.json static/dist/licences.json.gz ## build what the program carries with it

build: assets ## build everything into one file, bin/ortsspiegel
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ortsspiegel ./cmd/ortsspiegel

run: build ## build, fill DATA with the demo region on first use, serve on ADDR
	@if test -e $(DATA)/ortsspiegel.db; then bin/ortsspiegel demo --data $(DATA) --list; else bin/ortsspiegel demo --data $(DATA); fi
	@echo "Ortsspiegel runs at http://$(ADDR); Ctrl-C stops it"
	@bin/ortsspiegel serve --addr $(ADDR) --data $(DATA)

dev: build ## like run, with templates, texts and assets read from this checkout at every request
	@test -e $(DATA)/ortsspiegel.db || bin/ortsspiegel demo --data $(DATA)
	@bin/ortsspiegel serve --addr $(ADDR) --data $(DATA) --dev

test: deps lint vuln shortrace unit ## everything: lint, unit, store on SQLite and PostgreSQL, browser

unit: assets
	@list=$$(mktemp); status=0; \
	SKIPPED_LIST=$$list go test -count=1 -timeout 20m ./... || status=$$?; \
	if [ -s $$list ]; then echo "Skipped, because something is missing here:"; sort -u $$list; else echo "Skipped: nothing"; fi; \
	rm -f $$list; exit $$status

RACED := ./pkg/store ./pkg/assessment ./pkg/round/... ./pkg/lineage ./pkg/web/...

race: assets ## the race detector over what runs side by side; needs a C compiler
	CGO_ENABLED=1 go test -race -short -count=1 -timeout 60m $(RACED)

# The part of it that every run of the tests can afford.
shortrace: assets
	CGO_ENABLED=1 go test -race -short -count=1 -timeout 10m -run 'Rac(e|ing)|Against|AtOnce|SlipsIn|OneFailingWrite|Queued' $(RACED)

lint: assets ## gofmt, vet, staticcheck, the width of lines and the checklists' own linter
	@unformatted=$$(gofmt -l cmd pkg checklists templates static/*.go); \
	if [ -n "$$unformatted" ]; then echo "gofmt is wanted for:" $$unformatted; exit 1; fi
	go vet ./...
	go tool staticcheck ./...
	go test -count=1 -run Width ./pkg/internal/arch
	go run ./cmd/ortsspiegel lint checklists/*/*.yaml

vuln: assets ## govulncheck, where its database can be reached
	@.ci/vuln

fmt: ## format the Go code
	gofmt -w cmd pkg checklists templates static/*.go

cover: assets ## coverage of all packages, as a table
	go test -count=1 -coverpkg=./... -coverprofile=cover.out ./...
	go tool cover -func=cover.out | tail -n 1

golden: ## write the golden files anew; look at the difference before committing
	UPDATE_GOLDEN=1 go test -count=1 ./cmd/ortsspiegel
	go test -count=1 ./pkg/score ./pkg/catalog ./pkg/internal/arch ./pkg/bench/disclosure -update

fuzz: ## every fuzz target for a short while
	.ci/fuzz

bench: build ## the performance table, as ratios to limits measured in the same run
	go run ./cmd/performance -binary bin/ortsspiegel

soak: build ## long runs: kill -9 storms, load, backups under load
	SOAK=1 go test -count=1 -timeout 60m -run Soak ./...

screenshots: build ## the README's pictures, made by the program itself
	SCREENSHOTS=$(CURDIR)/.readme go test -count=1 -run TestScreenshots ./pkg/internal/tour

clean: ## remove what was built; the data folder stays
	rm -rf bin static/node_modules static/dist-test cover.out
	find static/dist -mindepth 1 ! -name .gitkeep -delete
