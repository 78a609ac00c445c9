package answers

// match pairs old items with new ones: those of the same name as many as can be
// in order, and between those the ones that got another name.
func match(old, now int, same, akin, strict func(i, j int) bool) [][2]int {
	first := 0 // what is the same at both ends needs no thought
	for first < min(old, now) && same(first, first) {
		first++
	}
	last := 0
	for last < min(old, now)-first && same(old-last-1, now-last-1) {
		last++
	}
	from := func(f func(i, j int) bool) func(i, j int) bool {
		return func(i, j int) bool { return f(first+i, first+j) }
	}
	var found [][2]int
	for i := range first {
		found = append(found, [2]int{i, i})
	}
	for _, p := range matchMiddle(old-first-last, now-first-last, from(same), from(akin), from(strict)) {
		found = append(found, [2]int{first + p[0], first + p[1]})
	}
	for i := last; i > 0; i-- {
		found = append(found, [2]int{old - i, now - i})
	}
	if len(found) == 0 && old > 0 && now > 0 {
		found = [][2]int{{0, 0}} // something has to stay where the others come
	}
	return found
}

// maxMatch is how much two lists may differ; nobody changes more by a command.
const maxMatch = 4 << 20

func matchMiddle(old, now int, same, akin, strict func(i, j int) bool) [][2]int {
	if old*now > maxMatch {
		panic("answers: too much changes in one list") // Rewrite says what to do by hand
	}
	length := make([][]int, old+1)
	for i := range length {
		length[i] = make([]int, now+1)
	}
	for i := old - 1; i >= 0; i-- {
		for j := now - 1; j >= 0; j-- {
			if length[i][j] = max(length[i+1][j], length[i][j+1]); same(i, j) {
				length[i][j] = max(length[i][j], length[i+1][j+1]+1)
			}
		}
	}
	var found [][2]int
	gap := func(i, to, j, end int) {
		if to-i == end-j {
			for ; i < to; i, j = i+1, j+1 {
				if akin(i, j) {
					found = append(found, [2]int{i, j})
				}
			}
			return
		}
		for ; i < to; i++ {
			for next := j; next < end; next++ {
				if strict(i, next) {
					found = append(found, [2]int{i, next})
					j = next + 1
					break
				}
			}
		}
	}
	i, j, a, b := 0, 0, 0, 0
	for i < old && j < now {
		switch {
		case same(i, j) && length[i][j] == length[i+1][j+1]+1:
			gap(a, i, b, j)
			found = append(found, [2]int{i, j})
			i, j = i+1, j+1
			a, b = i, j
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	gap(a, old, b, now)
	return found
}
