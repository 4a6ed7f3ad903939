// Package routing holds the tests that compare the walk through routing trees,
// inhibition and hours of internal/amconfig with Alertmanager's own dispatcher,
// inhibitor and intervals, over random configurations. They are in this module
// because the dispatcher needs much that the program does not.
package routing
