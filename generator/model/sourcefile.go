package model

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// maxExample is the largest example that the answers may name, in bytes.
const maxExample = 1 << 20

// exampleFolder is a folder beside the layers where a team may keep answers.
const exampleFolder = "3-integratie/voorbeelden"

// example gives op the answer of the stand-in: the team's own file, the
// example of the specification, or one made of the purpose fields.
func (b *builder) example(s *source, op *Operation, key string, a answers.Operation) {
	if a.Example != "" {
		b.ownExample(s, op, key+".example", a.Example)
		return
	}
	if op.Example != "" {
		parsed, err := parseTree(op.Example)
		if err == nil && (len(s.Fields) == 0 || s.entry != nil || slices.ContainsFunc(s.Fields, parsed.has)) {
			s.examples[op] = parsed
			s.exampleForm(op, op.Example)
			return
		}
	}
	op.Example, op.Guessed = synthesise(s.Fields), true
	if op.Shape != nil {
		op.Example = op.Shape.Example()
	}
}

func (b *builder) ownExample(s *source, op *Operation, key, name string) {
	body, ok := b.read(key, name, maxExample, ".json")
	if !ok {
		return
	}
	parsed, err := parseTree(string(body))
	switch {
	case errors.Is(err, errNotObject):
		b.add(problem.ExampleForm, key, name, "{ … } of [ … ]")
		return
	case err != nil:
		b.add(problem.ExampleForm, key, name, strings.TrimPrefix(err.Error(), "model: "))
		return
	}
	op.Example, op.ExampleFile = string(body), name
	s.exampleForm(op, op.Example)
	s.examples[op] = parsed
}

// purposeInExamples reports an example in which none of the purpose fields is,
// as then nothing would be left of any answer.
func (b *builder) purposeInExamples(s *source) {
	for i, op := range s.Operations {
		example := s.examples[op]
		own := i < len(s.given.Operations) && s.given.Operations[i].Example != ""
		if example == nil || len(s.Fields) == 0 || s.entry != nil && !own {
			continue
		}
		if !slices.ContainsFunc(s.Fields, example.has) {
			b.add(problem.PurposeNothing, s.key+".purpose.fields", s.given.Name, op.Name.Raw)
			return
		}
	}
}

var regexFile = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)+$`)

// ownFolders are the folders of a component that the generator or Go itself
// has a use for.
var ownFolders = regexp.MustCompile(`(?i)^([1-5]-.*|kern|internal|tests|testdata|docs|deploy|vendor|node_modules)$`)

// read returns a file that lies in a folder beside the answers, and takes it
// along to the same place in the component.
func (b *builder) read(key, name string, largest int, extensions ...string) ([]byte, bool) {
	switch {
	case strings.Contains(name, "://"):
		b.add(problem.FileOnWeb, key, name)
		return nil, false
	case !fileNameOK(name):
		slashes := strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "./")
		if slashes == name || !fileNameOK(slashes) {
			slashes = ""
		}
		b.suggest(slashes, problem.FilePath, key, name, exampleFolder+"/")
		return nil, false
	case !slices.Contains(extensions, strings.ToLower(path.Ext(name))):
		b.add(problem.FileExtension, key, name, extensions)
		return nil, false
	case b.files == nil:
		b.add(problem.FileNoFolder, key, name)
		return nil, false
	}
	for _, file := range b.c.Files {
		if file.Path == name {
			return file.Body, true
		}
		if strings.EqualFold(file.Path, name) {
			b.add(problem.NameCollision, key, name, file.Path, strings.ToLower(name))
			return nil, false
		}
	}
	body, err := readFile(b.files, name, largest)
	switch {
	case errors.Is(err, errTooLarge):
		b.add(problem.SourceFileTooLarge, key, name, largest>>20)
	case errors.Is(err, fs.ErrNotExist):
		b.add(problem.FileMissing, key, name)
	case err != nil:
		b.add(problem.FileUnreadable, key, name)
	default:
		b.c.Files = append(b.c.Files, ExtraFile{Path: name, Body: body})
		return body, true
	}
	return nil, false
}

// fileNameOK accepts a path in a folder of the team's own, made of characters
// that every system has.
func fileNameOK(name string) bool {
	if len(name) > 150 || !regexFile.MatchString(name) || path.Clean(name) != name {
		return false
	}
	segments := strings.Split(name, "/")
	for _, segment := range segments {
		if len(segment) > 80 || strings.HasSuffix(segment, ".") || isDevice(segment) {
			return false
		}
	}
	return !ownFolders.MatchString(segments[0]) || strings.HasPrefix(name, exampleFolder+"/")
}

var errTooLarge = errors.New("model: file too large")

var errNotRegular = errors.New("model: not a regular file")

// readFile reads no more than it may. It looks before it opens: opening a named
// pipe waits for ever, and a symbolic link could bring along a file of which
// the team never thought, such as one with a password beside the answers.
func readFile(files fs.FS, name string, largest int) ([]byte, error) {
	for at := name; at != "."; at = path.Dir(at) {
		info, err := fs.Lstat(files, at)
		switch {
		case err != nil:
			return nil, err
		case at == name && !info.Mode().IsRegular(), at != name && !info.IsDir():
			return nil, errNotRegular
		case at == name && info.Size() > int64(largest):
			return nil, errTooLarge
		}
	}
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	body, err := io.ReadAll(io.LimitReader(f, int64(largest)+1))
	if err != nil {
		return nil, err
	}
	if len(body) > largest {
		return nil, errTooLarge
	}
	return body, nil
}
