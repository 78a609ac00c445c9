package main

// deliveries are the jobs that make what is handed over.
var deliveries = []job{}

// tool is a line of deploy/gereedschap.txt: a program at a fixed version.
type tool struct {
	Name, Path string // Path with @version, as go run and npx take it
	NPM        bool
}
