package unittest

// perfectMatch tells whether each of n things can be paired with one of m, all
// of them. It is Kuhn's algorithm: where a thing fits nothing that is free, those
// that are paired already make room, if they can.
func perfectMatch(n, m int, fits func(i, j int) bool) bool {
	if n != m {
		return false
	}
	pairOf := make([]int, m) // of j: i+1
	tried := make([]int, m)  // of j: for which i, +1
	var place func(i, of int) bool
	place = func(i, of int) bool {
		for k := range m {
			j := (i + k) % m // sorted lists mostly fit place by place
			if tried[j] == of+1 || !fits(i, j) {
				continue
			}
			tried[j] = of + 1
			if pairOf[j] == 0 || place(pairOf[j]-1, of) {
				pairOf[j] = i + 1
				return true
			}
		}
		return false
	}
	for i := range n {
		if !place(i, i) {
			return false
		}
	}
	return true
}
