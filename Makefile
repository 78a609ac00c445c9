.PHONY: build test lint update bench

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

bench: ## processor time and memory of a generation against cp -r and git
	go test ./generator -run '^$$' -bench . -benchmem
