package doctor

// Faults says how many faults were known in a Go such as go1.26.8 when this release
// was made, and the first patch of its minor without any, such as 1.26.9.
func Faults(version string) (count int, mended, date string) {
	table := knownFaults()
	faults, first, _ := table.of(version)
	return len(faults), first, table.Date
}
