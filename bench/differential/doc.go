// Package differential holds the tests that compare slowburn's rule engine with
// Prometheus' rule manager, over random rules and series. They are in this
// module because the rule manager needs much that the program does not.
package differential
