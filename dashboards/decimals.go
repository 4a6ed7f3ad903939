package dashboards

import (
	"math/big"

	"slowburn/alerts"
)

// mostDecimals is how far percentages are told apart: at 99.999999% a month has 26 ms.
const mostDecimals = 6

// decimals are what percentages of services need so that every objective reads as
// it was promised. Left alone, Grafana rounds 99.95% to 100%.
func decimals(services ...*alerts.Service) int {
	most := 0
	for _, s := range services {
		for _, o := range s.SLOs {
			digits, exact := new(big.Rat).Mul(o.Objective, big.NewRat(100, 1)).FloatPrec()
			if !exact {
				digits = mostDecimals
			}
			most = max(most, min(digits, mostDecimals))
		}
	}
	return most
}

// goodDecimals are one more: a tenth of the budget shows, and so does by how much
// an objective is missed.
func goodDecimals(services ...*alerts.Service) int { return decimals(services...) + 1 }
