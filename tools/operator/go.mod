// The definitions of custom resources that slowburn checks resources against, and the command that make crds writes them with: the
// modules of the Prometheus operator and KEDA have them as YAML.
module slowburn/tools/operator

go 1.26.0

require (
	github.com/kedacore/keda/v2 v2.20.0
	github.com/prometheus-operator/prometheus-operator v0.94.0
	sigs.k8s.io/yaml v1.6.0
)

require go.yaml.in/yaml/v2 v2.4.4 // indirect
