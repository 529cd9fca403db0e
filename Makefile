# Thin on purpose: the work is in CMake presets and in scripts/. `make help` lists the targets.
.PHONY: help deps build demo test bench fmt
.DEFAULT_GOAL := help

help:   ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

deps:   ## installs the Debian packages that building and testing need and that are missing
	@scripts/install-deps build test

build:  ## builds build/release/bin/loadgen and build/release/bin/loadgen-services
	@scripts/install-deps build
	@scripts/build release loadgen loadgen-services

demo: build  ## starts the services, drives the shop and attacks one of them, shows reports, writes plots to demo-out/
	@scripts/demo

test: deps   ## builds everything and runs the tests (without the slow ones)
	@scripts/build release
	@ctest --preset release -LE slow

bench:  ## compares loadgen with other load generators, the services with other servers; writes bench-out/
	@scripts/install-deps build bench
	@scripts/build release -DLOADGEN_BENCH=ON
	@tests/bench/run
	@tests/bench/services/run
	@tests/bench/scenarios/run

fmt:    ## formats every C++ file
	@scripts/install-deps build test
	@scripts/format
