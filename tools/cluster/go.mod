// What slowburn writes for Kubernetes, on a real API server. The servers are in modules of their own, since they need
// other versions of the same libraries.
module slowburn/tools/cluster

go 1.26.0

require sigs.k8s.io/yaml v1.6.0

require go.yaml.in/yaml/v2 v2.4.2 // indirect
