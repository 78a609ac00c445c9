package workshop

// colours are what teams are told apart by: each can have white text on it (WCAG
// 1.4.3), and each differs as much as can be from those before it. After the last one
// they begin again: a number tells more than a hundredth colour.
var colours = [...]string{
	"#154273", "#dd0000", "#aa00ff", "#667700", "#0000ff", "#770000",
	"#886699", "#770088", "#004400", "#cc0099", "#0066cc", "#0000aa",
	"#6600dd", "#994400", "#007777", "#554433", "#992255", "#442244",
	"#6655ff", "#440088", "#664477", "#006600", "#9933bb", "#776655",
}

// colourOf is the colour of team number n, from 1.
func colourOf(n int) string { return colours[(n-1)%len(colours)] }
