# What people call: run, test, lint, golden. See CONTRIBUTING.md.
GO   ?= go
BIN  := .bin
# Static: to load the C library takes a sixth of the time that a short run takes. For all alike, so that nothing is built twice.
export CGO_ENABLED := 0
# The example systems, and what follows an @ are overlays: each is compiled to a folder of its own.
SYSTEMS := alexandria alexandria@memcached dataflow dataflow@gke qalita \
	stemedb stemedb@cluster stemedb@production stemedb@cluster,production veza
# For each of them, with $$dir where it is compiled to, and $$args: the folder of its specs, and the overlays.
each = for system in $(SYSTEMS); do dir=$$(echo $$system | tr '@,' '--'); \
	args=specs/$${system%@*}; case $$system in *@*) args="$$args --env $${system\#*@}";; esac; $(1) || exit 1; done

.PHONY: run test test-alertmanager test-cluster test-helm lint golden golden-check crds witness fuzz bench accuracy lowtraffic build clean

# Compile the example systems, check them, run their scenarios.
run: build
	@rm -rf out
	@echo "== compile =="
	@$(call each,$(BIN)/slowburn compile -v $$args -o out/$$dir)
	@echo "== check =="
	@$(call each,echo "-- $$args" && $(BIN)/slowburn check $$args && $(BIN)/slowburn check out/$$dir)
	@echo "== test =="
	@$(call each,echo "-- $$args" && $(BIN)/slowburn test $$args)

build:
	$(GO) build -o $(BIN)/slowburn ./cmd/slowburn

# Everything that can be tested without a network; promtool is the witness that stock Prometheus agrees, and in bench
# its rule manager, which needs too much for the program's module. Vetting is lint's: with other flags all that is imported
# would be vetted once more, which takes a minute where nothing is cached.
test: $(BIN)/promtool
	PROMTOOL=$(CURDIR)/$(BIN)/promtool $(GO) test -vet=off ./...
	cd bench && $(GO) test -vet=off ./...

# A real Alertmanager with the compiled configuration of each system: it tells sinks on this machine exactly what was
# predicted. And amtool, of whose verdicts the documentation speaks.
test-alertmanager: $(BIN)/alertmanager $(BIN)/amtool
	ALERTMANAGER=$(CURDIR)/$(BIN)/alertmanager $(GO) test ./cmd/slowburn -run '^TestAlertmanager$$' -count 1 -parallel 20
	AMTOOL=$(CURDIR)/$(BIN)/amtool $(GO) test ./internal/check -run '^TestAmtool$$' -count 1

OPERATOR := github.com/prometheus-operator/prometheus-operator

# Helm itself renders the charts of golden to exactly the resources beside them, lints them, and stores what slowburn
# estimates. To vet it, too, would take a quarter longer with an empty cache.
test-helm: build
	cd tools/helm && SLOWBURN=$(CURDIR)/$(BIN)/slowburn $(GO) test -vet=off -count 1 ./...

# A real API server takes what is compiled, Helm installs, upgrades and rolls it back, and a page arrives: from a spec to
# the pager. One command on a fresh machine with Debian's packages; building the servers takes most of its time.
CLUSTER := etcd kube-apiserver admission-webhook helm prometheus alertmanager
test-cluster: build $(CLUSTER:%=$(BIN)/%)
	cd tools/operator && $(GO) mod download
	cd tools/cluster && $(GO) vet ./... && BIN=$(CURDIR)/$(BIN) \
	  CRDS="$$(cd ../operator && $(GO) list -m -f '{{.Dir}}' $(OPERATOR))/example/prometheus-operator-crd/*.yaml:$$(cd ../operator && \
	    $(GO) list -m -f '{{.Dir}}' github.com/kedacore/keda/v2)/config/crd/bases/keda.sh_scaledobjects.yaml" \
	  $(GO) test -count 1 -v ./...

# The definitions of custom resources, from the modules that tools/operator/go.mod names.
crds:
	cd tools/operator && $(GO) mod download && $(GO) run . ../../internal/crd/definitions

# vet's stdmethods wants io.Seeker's Seek; Prometheus' iterators have another one.
lint: $(BIN)/staticcheck
	@test -z "$$(gofmt -l .)" || { gofmt -d .; exit 1; }
	$(GO) vet -stdmethods=false ./...
	cd bench && $(GO) vet -stdmethods=false ./...
	$(BIN)/staticcheck ./...

# What the example systems compile to; CI compares. Read the difference before the code.
golden: build
	@$(call each,$(BIN)/slowburn compile $$args -o golden/$$dir)

golden-check: build
	@$(call each,$(BIN)/slowburn compile $$args -o golden/$$dir --check)

# The exported scenarios, run by stock promtool: one and a half minutes of processor time. CI runs some of one SLO:
# make witness WITNESS=payment-success
WITNESS ?= .
witness: $(BIN)/promtool
	$(BIN)/promtool test rules --run '$(WITNESS)' golden/*/prometheus/tests/*.test.yaml

# Rules of the example systems broken on purpose; see docs/mutation.md.
mutation: build
	@for s in specs/*; do echo "== $$s =="; $(BIN)/slowburn test --mutate $$s | sed -n '/^MUTANTS/,$$p' || exit 1; done

# Fuzz everything that reads bytes, a while each: make fuzz FUZZTIME=10m. To minimise an input that is new may take a minute
# otherwise, in which nothing else is tried.
FUZZTIME ?= 30s
fuzz:
	@grep -rl '^func Fuzz' --include='*_test.go' . | while read -r f; do \
	  for t in $$(sed -n 's/^func \(Fuzz[A-Za-z]*\)(.*/\1/p' $$f); do \
	    echo "== $$t ($$(dirname $$f))"; \
	    (cd $$(dirname $$f) && $(GO) test . -run '^$$' -fuzz "^$$t$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x) || exit 1; \
	  done; \
	done

# What slowburn costs beside promtool, Prometheus' rule manager and Sloth; see docs/benchmarks.md and docs/scale.md, and
# for BENCH: make bench BENCH=-help
BENCH ?=
bench: build $(BIN)/promtool $(BIN)/sloth
	cd bench && $(GO) build -o ../$(BIN)/bench . && $(GO) build -o ../$(BIN)/bench-peer ./peer
	cd bench && ../$(BIN)/bench $(BENCH)

# False pages and detection at a few requests an hour, with and without minErrors; see docs/low-traffic.md.
# make lowtraffic LOWTRAFFIC="-markdown ../docs/low-traffic.md" writes it.
LOWTRAFFIC ?=
lowtraffic:
	cd bench && $(GO) build -o ../$(BIN)/lowtraffic ./lowtraffic
	cd bench && ../$(BIN)/lowtraffic $(LOWTRAFFIC)

# How far recorded error ratios are from the truth, and what they cost: slowburn's, Sloth's, Pyrra's, raw ranges. See
# docs/accuracy.md; make accuracy ACCURACY="-markdown ../docs/accuracy.md" writes it, ACCURACY=-help tells more.
ACCURACY ?=
accuracy:
	cd bench && $(GO) build -o ../$(BIN)/accuracy ./accuracy
	cd bench && ../$(BIN)/accuracy $(ACCURACY)

# The tools live in a module of their own, so that what they need does not burden the program.
$(BIN)/promtool: tools/go.mod
	cd tools && $(GO) build -tags remove_all_sd -o ../$@ github.com/prometheus/prometheus/cmd/promtool

$(BIN)/alertmanager $(BIN)/amtool: tools/alertmanager/go.mod
	cd tools/alertmanager && $(GO) build -o ../../$@ github.com/prometheus/alertmanager/cmd/$(@F)

$(BIN)/sloth: tools/sloth/go.mod
	cd tools/sloth && $(GO) build -o ../../$@ github.com/slok/sloth/cmd/sloth

$(BIN)/prometheus: tools/go.mod
	cd tools && $(GO) build -tags remove_all_sd,netgo -o ../$@ github.com/prometheus/prometheus/cmd/prometheus

$(BIN)/helm: tools/helm/go.mod
	cd tools/helm && $(GO) build -o ../../$@ helm.sh/helm/v4/cmd/helm

KUBERNETES := $(shell awk '$$1 == "k8s.io/kubernetes" { print $$2 }' tools/cluster/apiserver/go.mod)
$(BIN)/kube-apiserver: tools/cluster/apiserver/go.mod
	cd tools/cluster/apiserver && $(GO) build -o ../../../$@ -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=$(KUBERNETES) \
	  -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=$(word 2,$(subst ., ,$(KUBERNETES)))" \
	  k8s.io/kubernetes/cmd/kube-apiserver

$(BIN)/admission-webhook: tools/cluster/operator/go.mod
	cd tools/cluster/operator && $(GO) build -o ../../../$@ $(OPERATOR)/cmd/admission-webhook

# etcd is the machine's, or else Debian's, unpacked and not installed.
$(BIN)/etcd:
	@mkdir -p $(BIN)/unpacked
	if command -v etcd; then ln -s $$(command -v etcd) $@; else cd $(BIN)/unpacked && \
	  { apt-get download etcd-server || { apt-get update && apt-get download etcd-server; }; } && \
	  dpkg-deb -x etcd-server_*.deb . && cp usr/bin/etcd ../etcd; fi

$(BIN)/staticcheck: tools/go.mod
	cd tools && $(GO) build -o ../$@ honnef.co/go/tools/cmd/staticcheck

clean:
	rm -rf $(BIN) out
