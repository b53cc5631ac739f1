# What one types in a clone. `make` alone lists it; CONTRIBUTING.md says when to use which.

# An import that Package.swift does not declare is an error.
FLAGS   := --explicit-target-dependency-import-check error
# A build folder per configuration, and the same flags in each target: none of them undoes another's build.
DEBUG   := --scratch-path .build $(FLAGS)
# The Swift runtime is linked in: cordeed and cordee then run on a machine without Swift.
RELEASE := --scratch-path .build-release --configuration release --static-swift-stdlib $(FLAGS)
PROGRAMS := cordeed cordee
BUF     := .build-tools/bin/buf
TIDY    := python3 Tests/Tidy/tidy.py
BASELINE := proto/baseline/v1.binpb
# How long each subject is fuzzed.
SECONDS := 60
# How often `torture` kills the daemon, and how many runs each of its power-loss tests has.
KILLS := 300
SEEDS := 50

.PHONY: help build release run test torture fuzz sanitize check lint tidy buf generated proto baseline bench thresholds format clean

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | tr '|' '\t' | expand -t 18

build: ## Build everything in debug mode, tests too
	ops/bootstrap build
	swift build $(DEBUG) --build-tests

release: ## Build cordeed and cordee in release mode, into .build-release/release/
	ops/bootstrap build
	@set -e; for program in $(PROGRAMS); do \
	    echo "swift build $(RELEASE) --product $$program"; swift build $(RELEASE) --product $$program; done

run: release ## Start a daemon on ./var and drive the main job through cordee
	ops/demo

test: ## Run every test; ARGS='--filter Wire' for some
	ops/bootstrap build test
	swift test $(DEBUG) --parallel --disable-xctest $(ARGS)

torture: ## Kill the daemon 300 times under load, lose power at more moments: KILLS=, SEEDS=; 30 minutes at most
	ops/bootstrap build test
	CORDEE_TORTURE_KILLS=$(KILLS) CORDEE_TORTURE_SEEDS=$(SEEDS) timeout 30m \
	    swift test $(DEBUG) --parallel --disable-xctest --filter 'CrashTests|PowerLossTests|FailingDiskTests'

fuzz: ## Fuzz each door of foreign bytes: SECONDS=60 each; SUBJECTS='frames zones' for some
	ops/bootstrap build
	Tests/Fuzz/run $(SECONDS) $(SUBJECTS)

sanitize: ## Test the low rooms under the address and thread sanitizers; ARGS=thread for one
	ops/bootstrap build test
	Tests/Sanitizers/run $(ARGS)

check: ## Format, layering, documents, proto rules, generated code
	ops/bootstrap build proto
	@$(MAKE) --no-print-directory --keep-going lint tidy buf generated

lint: # swift format on what no generator wrote
	$(TIDY) --handwritten | xargs -d '\n' swift format lint --strict --parallel

tidy: # the layering, banned calls and documents; first that each rule can fail
	python3 -m unittest discover --quiet --start-directory Tests/Tidy
	$(TIDY)

buf: # names and comments of the proto files, and that v1 still is what it was
	$(BUF) lint proto
	$(BUF) breaking proto --against $(BASELINE)

generated: # the committed code is what the proto files give
	ops/generate --check
	PROTOC_GEN_SWIFT=$(CURDIR)/.build/debug/protoc-gen-swift PROTOC_GEN_CORDEE=$(CURDIR)/.build/debug/protoc-gen-cordee \
	    Tests/Benchmarks/generate --check
	PROTOC_GEN_SWIFT=$(CURDIR)/.build/debug/protoc-gen-swift PROTOC_GEN_CORDEE=$(CURDIR)/.build/debug/protoc-gen-cordee \
	    Tests/TrialDaemon/generate --check
	PROTOC_GEN_SWIFT=$(CURDIR)/.build/debug/protoc-gen-swift Tests/Fixtures/proto/generate --check

proto: ## Generate Swift and C from proto/
	ops/bootstrap build proto
	ops/generate

baseline: ## Take the proto files of now as what v1 promises: with a release, see proto/README.md
	ops/bootstrap proto
	$(BUF) build proto --exclude-source-info --output $(BASELINE)

bench: ## Measure the daemon beside its reference in C; ARGS are passed on
	ops/bootstrap build
	swift build $(RELEASE) --product EchoReference
	swift build $(RELEASE) --product Benchmarks
	.build-release/release/Benchmarks $(ARGS)

thresholds: ## Compare the allocations and system calls of a call with the kept ones
	ops/bootstrap build
	swift build $(RELEASE) --product Benchmarks
	.build-release/release/Benchmarks --check-thresholds

format: ## Format the Swift that no generator wrote
	$(TIDY) --handwritten | xargs -d '\n' swift format format --in-place --parallel

clean: ## Remove what was built; the data in ./var stays
	rm -rf .build .build-release .build-fuzz .build-address .build-thread
