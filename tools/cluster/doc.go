// Package cluster holds that a real cluster's API takes what slowburn writes for
// Kubernetes, and that it works from there: from a spec to the pager. Run it by
// make test-cluster.
package cluster
