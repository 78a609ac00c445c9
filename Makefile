.PHONY: build test lint update bench soak benchmarks

build: ## the command, in bin/
	go build -trimpath -o bin/ ./cmd/fieldlab

test: ## everything, the components included
	go test ./...

lint: ## formatting and vet; golangci-lint when it is installed
	@unformatted=$$(gofmt -l cmd generator templates examples); test -z "$$unformatted" || { echo "run gofmt -w on:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	@if command -v golangci-lint >/dev/null; then golangci-lint run; fi

update: ## schema, the answers with every field type, go.mod and go.sum of the component, then the expected output of the examples
	go test ./generator -run 'TestSchema|TestEveryFieldType|TestDependencies' -update
	go test ./examples -update

bench: ## what grows with the number of rows, the process, the log, the generator and the first build, as ratios on this machine; the result stands in docs/prestaties.md afterwards. DATABASE=postgres://… measures there too, BENCH="--only lists" a part
	go run ./examples/prestaties --write docs/prestaties.md $(BENCH)

soak: ## a mixed load of ten minutes, or MINUTES=60, and what grew in that time
	go run ./examples/prestaties --soak --minutes $(or $(MINUTES),10) $(BENCH)

benchmarks: ## processor time and memory of a generation against cp -r and git, and the other benchmarks beside the generator
	go test ./generator -run '^$$' -bench . -benchmem
