package expr

// neededScrapes are how many scrapes the range of a function has to hold, for
// one that is missed not to leave a gap.
var neededScrapes = map[string]int{"rate": 4, "increase": 4, "delta": 4, "deriv": 4, "predict_linear": 4, "irate": 2, "idelta": 2}

// NeededScrapes is how many scrapes the range of a function has to hold; 0 where
// one is enough.
func NeededScrapes(function string) int { return neededScrapes[function] }
