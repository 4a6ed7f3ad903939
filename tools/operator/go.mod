// The resource definitions of the Prometheus operator, which make test-alertmanager holds the AlertmanagerConfigs against: its
// module has them as YAML.
module slowburn/tools/operator

go 1.26.0

require github.com/prometheus-operator/prometheus-operator v0.94.0
